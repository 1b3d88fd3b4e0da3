#include "report/store/recipient_state.hpp"

#include "report/store/codec.hpp"
#include "report/store/soci.hpp"

#include <utility>

namespace sekisho::report::store {

namespace {

long long number_of(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}
long long number_of(std::chrono::sys_days day) {
  return day.time_since_epoch().count();
}
std::chrono::sys_seconds time_of(long long seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace

std::expected<bool, StoreError> RecipientState::take_turn(const std::string& address,
                                                          std::chrono::sys_days day,
                                                          std::uint32_t most) {
  return attempt([&] {
    if (most == 0) {
      return false;
    }
    DatabaseTransaction transaction(database_);
    const long long day_number = number_of(day);
    const long long limit = most;
    long long taken = 0;
    soci::statement upsert =
        (database_.session().prepare
             << "INSERT INTO turns (address, day, taken) VALUES (:address, :day, 1) "
                "ON CONFLICT (address, day) DO UPDATE SET taken = turns.taken + 1 "
                "WHERE turns.taken < :most RETURNING taken",
         soci::use(address), soci::use(day_number), soci::use(limit), soci::into(taken));
    const bool granted = fetch_one(upsert);
    transaction.commit();
    return granted;
  });
}

std::expected<void, StoreError> RecipientState::return_turn(const std::string& address,
                                                            std::chrono::sys_days day) {
  return attempt([&] {
    const long long day_number = number_of(day);
    database_.session() << "UPDATE turns SET taken = taken - 1 WHERE address = :address AND "
                           "day = :day AND taken > 0",
        soci::use(address), soci::use(day_number);
  });
}

std::expected<std::optional<DeliveryFailures>, StoreError> RecipientState::failing(
    const std::string& address) {
  return attempt([&]() -> std::optional<DeliveryFailures> {
    long long failures = 0;
    long long since = 0;
    long long next_try = 0;
    soci::statement select =
        (database_.session().prepare
             << "SELECT failures, since, next_try FROM failing_addresses WHERE address = :address",
         soci::use(address), soci::into(failures), soci::into(since), soci::into(next_try));
    if (!fetch_one(select)) {
      return std::nullopt;
    }
    return DeliveryFailures{static_cast<std::uint32_t>(failures), time_of(since),
                            time_of(next_try)};
  });
}

std::expected<void, StoreError> RecipientState::note_failure(const std::string& address,
                                                             std::chrono::sys_seconds now,
                                                             std::chrono::sys_seconds next_try) {
  return attempt([&] {
    const long long since = number_of(now);
    const long long next = number_of(next_try);
    database_.session() << "INSERT INTO failing_addresses (address, failures, since, next_try) "
                           "VALUES (:address, 1, :since, :next) ON CONFLICT (address) DO UPDATE "
                           "SET failures = failing_addresses.failures + 1, "
                           "next_try = excluded.next_try",
        soci::use(address), soci::use(since), soci::use(next);
  });
}

std::expected<void, StoreError> RecipientState::note_success(const std::string& address) {
  return attempt([&] {
    database_.session() << "DELETE FROM failing_addresses WHERE address = :address",
        soci::use(address);
  });
}

std::expected<std::optional<Consent>, StoreError> RecipientState::consent(
    const std::string& policy_domain, const std::string& destination,
    std::chrono::sys_seconds now) {
  return attempt([&]() -> std::optional<Consent> {
    const long long time = number_of(now);
    int given = 0;
    std::string addresses;
    soci::statement select =
        (database_.session().prepare
             << "SELECT given, addresses FROM consents WHERE domain = :domain AND "
                "destination = :destination AND expires > :now",
         soci::use(policy_domain), soci::use(destination), soci::use(time), soci::into(given),
         soci::into(addresses));
    if (!fetch_one(select)) {
      return std::nullopt;
    }
    auto list = read_addresses(addresses);
    if (!list) {
      throw Unreadable("a row of the store cannot be read");
    }
    return Consent{given != 0, *std::move(list)};
  });
}

std::expected<void, StoreError> RecipientState::keep_consent(const std::string& policy_domain,
                                                             const std::string& destination,
                                                             const Consent& consent,
                                                             std::chrono::sys_seconds expires) {
  return attempt([&] {
    const int given = consent.given ? 1 : 0;
    const std::string addresses = write_addresses(consent.addresses);
    const long long until = number_of(expires);
    database_.session() << "INSERT INTO consents (domain, destination, given, addresses, expires) "
                           "VALUES (:domain, :destination, :given, :addresses, :expires) "
                           "ON CONFLICT (domain, destination) DO UPDATE SET "
                           "given = excluded.given, addresses = excluded.addresses, "
                           "expires = excluded.expires",
        soci::use(policy_domain), soci::use(destination), soci::use(given), soci::use(addresses),
        soci::use(until);
  });
}

}  // namespace sekisho::report::store
