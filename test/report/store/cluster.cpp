#include "cluster.hpp"

#include "report/store/soci.hpp"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sekisho::report::store {

namespace {

void become(const passwd& user) {
  if (::setgroups(0, nullptr) != 0 || ::setgid(user.pw_gid) != 0 || ::setuid(user.pw_uid) != 0) {
    ::_exit(126);
  }
}

const passwd* server_user() {
  return ::getuid() == 0 ? ::getpwnam("postgres") : nullptr;
}

pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const passwd* user = server_user();
  const pid_t child = ::fork();
  if (child == 0) {
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    if (user != nullptr) {
      become(*user);
    }
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

std::string uri_of(const std::filesystem::path& folder, const std::string& database) {
  return "postgresql:///" + database + "?user=sekisho&host=" + folder.string();
}

}  // namespace

std::optional<std::filesystem::path> server_programs() {
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (std::filesystem::exists(version.path() / "bin/initdb")) {
      return version.path() / "bin";
    }
  }
  return std::nullopt;
}

Cluster::Cluster() : programs_(server_programs().value()) {
  // The path of a socket is short: not below a folder that may have a long name.
  std::string name = "/tmp/sekisho-pg.XXXXXX";
  folder_ = ::mkdtemp(name.data());
  if (const passwd* user = server_user()) {
    static_cast<void>(::chown(folder_.c_str(), user->pw_uid, user->pw_gid));
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
  }
  const std::vector<std::string> command = {
      programs_ / "initdb", "-D", folder_ / "data", "-U",        "sekisho", "-A", "trust",
      "--no-sync",          "-E", "UTF8",           "--locale=C"};
  if (wait_for(spawn(command, folder_ / "log")) != 0) {
    throw std::runtime_error("initdb failed");
  }
  start();
}

Cluster::~Cluster() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Cluster::start() {
  server_ = spawn({programs_ / "postgres", "-D", folder_ / "data", "-k", folder_, "-c",
                   "listen_addresses=", "-c", "fsync=off"},
                  folder_ / "log");
  for (int tries = 0; tries < 500; ++tries) {
    try {
      soci::session session("postgresql", uri_of(folder_, "postgres"));
      return;
    } catch (const soci::soci_error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  throw std::runtime_error("the server does not answer");
}

void Cluster::stop() {
  if (server_ > 0) {
    ::kill(server_, SIGINT);  // "fast": PostgreSQL, "Shutting Down the Server"
    wait_for(std::exchange(server_, -1));
  }
}

std::string Cluster::create_database() {
  const std::string name = "feedback" + std::to_string(++databases_);
  soci::session session("postgresql", uri_of(folder_, "postgres"));
  session << "CREATE DATABASE " << name;
  return uri_of(folder_, name);
}

Cluster& shared_cluster() {
  static Cluster cluster;
  return cluster;
}

}  // namespace sekisho::report::store
