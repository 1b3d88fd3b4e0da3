#include "dns/exchange.hpp"

#include "dns/codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <net/if.h>
#include <sys/random.h>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

namespace sekisho::dns {

namespace {

using asio::ip::tcp;
using asio::ip::udp;

constexpr std::size_t max_datagram = 4'096;  // some send more than they were asked for
constexpr std::size_t length_size = 2;       // RFC 1035 §4.2.2
constexpr int max_datagrams_at_once = 16;
// So many wrong answers are an attempt at guessing the right one: TCP settles it.
constexpr int max_foreign = 32;

// 0, to which nothing can be sent, for an interface that is not there.
std::uint32_t scope_of(const std::string& zone) {
  std::uint32_t number = if_nametoindex(zone.c_str());
  if (number == 0) {
    std::from_chars(zone.data(), zone.data() + zone.size(), number);
  }
  return number;
}

asio::ip::address address_of(const Server& server) {
  const IpAddress& address = server.address;
  if (address.is_v6()) {
    return asio::ip::address_v6(address.octets(), server.zone.empty() ? 0 : scope_of(server.zone));
  }
  asio::ip::address_v4::bytes_type octets{};
  std::ranges::copy_n(address.octets().begin(), octets.size(), octets.begin());
  return asio::ip::address_v4(octets);
}

// A want of ours, which says nothing about the server: the question is asked again.
bool is_ours(const std::error_code& error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system ||
         error == std::errc::not_enough_memory || error == std::errc::no_buffer_space;
}

std::uint16_t random_id() {
  std::uint16_t id = 0;
  if (getentropy(&id, sizeof id) != 0) {
    throw std::system_error(errno, std::generic_category(), "getentropy");
  }
  return id;
}

std::vector<std::uint8_t> framed(const std::vector<std::uint8_t>& query) {
  std::vector<std::uint8_t> frame(length_size + query.size());
  frame[0] = static_cast<std::uint8_t>(query.size() >> 8U);
  frame[1] = static_cast<std::uint8_t>(query.size());
  std::ranges::copy(query, frame.begin() + length_size);
  return frame;
}

}  // namespace

Exchange::Exchange(Transport& transport, const Server& server, const Question& question)
    : transport_(transport),
      server_(server),
      question_(question),
      id_(random_id()),
      query_(framed(encode_query(question, id_,
                                 {.want_authentic = transport.options.trust_ad,
                                  .want_recursion = transport.options.recursion}))),
      udp_(transport.context),
      tcp_(transport.context),
      timer_(transport.context) {}

void Exchange::start(Done done) {
  done_ = std::move(done);
  arm_timer();
  if (send_datagram()) {
    asio::post(transport_.context, [self = shared_from_this()] {
      self->finish(std::unexpected(Failure::unreachable));
    });
    return;
  }
  await_datagram();
}

void Exchange::cancel() {
  done_ = nullptr;
  std::error_code ignored;
  udp_.close(ignored);
  tcp_.close(ignored);
  timer_.cancel();
}

void Exchange::arm_timer() {
  timer_.expires_after(transport_.options.attempt_timeout);
  timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error) {
      self->finish(std::unexpected(Failure::silence));
    }
  });
}

std::error_code Exchange::send_datagram() {
  const udp::endpoint endpoint(address_of(server_), server_.port);
  std::error_code error;
  udp_.open(endpoint.protocol(), error);
  if (!error) {
    udp_.connect(endpoint, error);
  }
  if (!error) {
    udp_.non_blocking(true, error);
  }
  if (!error) {
    udp_.send(asio::buffer(query_) + length_size, 0, error);
  }
  ++transport_.counters.sent;
  return error;
}

void Exchange::await_datagram() {
  udp_.async_wait(udp::socket::wait_read,
                  [self = shared_from_this()](const std::error_code& error) {
                    if (!error) {
                      self->read_datagrams();
                    }
                  });
}

void Exchange::read_datagrams() {
  for (int i = 0; i < max_datagrams_at_once && udp_.is_open(); ++i) {
    std::array<std::uint8_t, max_datagram> buffer{};
    std::error_code error;
    const std::size_t size = udp_.receive(asio::buffer(buffer), 0, error);
    if (error == asio::error::would_block) {
      break;
    }
    if (error) {  // an ICMP message that speaks of our datagram
      finish(std::unexpected(Failure::unreachable));
      return;
    }
    take_datagram(std::span(buffer).first(size));
  }
  if (udp_.is_open()) {
    await_datagram();
  }
}

void Exchange::take_datagram(std::span<const std::uint8_t> packet) {
  std::expected<Answer, NoAnswer> answer = decode_answer(packet, question_, id_);
  if (answer) {
    finish(*std::move(answer));
    return;
  }
  if (answer.error() == NoAnswer::foreign) {
    ++transport_.counters.rejected;
    if (++foreign_ < max_foreign) {
      return;
    }
  }
  start_tcp();
}

void Exchange::start_tcp() {
  std::error_code ignored;
  udp_.close(ignored);
  arm_timer();
  ++transport_.counters.sent;
  ++transport_.counters.tcp;
  tcp_.async_connect({address_of(server_), server_.port},
                     [self = shared_from_this()](const std::error_code& error) {
                       if (is_ours(error)) {
                         self->finish(std::unexpected(Failure::unreachable));
                         return;
                       }
                       if (error) {
                         self->finish(Answer::failed(Status::server_failure));
                         return;
                       }
                       self->write_query();
                     });
}

void Exchange::write_query() {
  asio::async_write(tcp_, asio::buffer(query_),
                    [self = shared_from_this()](const std::error_code& error, std::size_t) {
                      if (error) {
                        self->finish(Answer::failed(Status::server_failure));
                        return;
                      }
                      self->read_length();
                    });
}

void Exchange::read_length() {
  answer_.resize(length_size);
  asio::async_read(tcp_, asio::buffer(answer_),
                   [self = shared_from_this()](const std::error_code& error, std::size_t) {
                     if (error) {
                       self->finish(Answer::failed(Status::server_failure));
                       return;
                     }
                     self->answer_.resize(self->answer_[0] * 256U + self->answer_[1]);
                     self->read_answer();
                   });
}

void Exchange::read_answer() {
  asio::async_read(tcp_, asio::buffer(answer_),
                   [self = shared_from_this()](const std::error_code& error, std::size_t) {
                     if (error) {
                       self->finish(Answer::failed(Status::server_failure));
                       return;
                     }
                     self->finish(decode_answer(self->answer_, self->question_, self->id_)
                                      .value_or(Answer::failed(Status::malformed)));
                   });
}

void Exchange::finish(std::expected<Answer, Failure> result) {
  if (is_done()) {
    return;
  }
  if (result) {
    result->authentic = result->authentic && transport_.options.trust_ad;
  }
  const Done done = std::move(done_);
  cancel();
  done(std::move(result));
}

}  // namespace sekisho::dns
