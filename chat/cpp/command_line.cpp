// Reads --family, --host, --port and --path, and reports errors.
#include "command_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <map>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace chat {
namespace {

struct Family {
  std::string_view name;
  int number;
  std::string_view host; // where --host is not given
};

constexpr std::array families{
    Family{"inet", AF_INET, "127.0.0.1"},
    Family{"inet6", AF_INET6, "::1"},
    Family{"unix", AF_UNIX, ""},
};
constexpr std::string_view default_port = "12345";

struct Option {
  std::string_view name;
  std::string_view help;
};

constexpr std::array options{
    Option{"--family", "inet, inet6 or unix (inet)"},
    Option{"--host", "numeric address (127.0.0.1 or ::1)"},
    Option{"--port", "port number (12345)"},
    Option{"--path", "path of the socket, for unix only"},
};

struct Hint {
  std::errc reason;
  std::string_view text;
};

constexpr std::array hints{
    Hint{std::errc::address_in_use, "another program has this address, or, of the unix family, a "
                                    "killed server has left its socket file behind"},
    Hint{std::errc::connection_refused, "nobody listens there; start the server first"},
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Given = std::map<std::string_view, std::string>;

void print_help(const Program& program) {
  std::cout << "usage: " << program.name << " [OPTION VALUE]...\n" << program.purpose << "\n\n";
  for (const Option& option : options)
    std::cout << "  " << option.name << "\t" << option.help << "\n";
  std::cout << "  --help\tthis text\n";
}

/// Takes "--name value" and "--name=value"; the last of several wins.
Given read_options(const std::vector<std::string_view>& arguments) {
  Given given;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    const auto equals = argument->find('=');
    const auto name = argument->substr(0, equals);
    if (std::ranges::find(options, name, &Option::name) == options.end())
      throw UsageError("unknown argument: " + std::string(*argument));
    if (equals != std::string_view::npos) {
      given[name] = argument->substr(equals + 1);
    } else if (argument + 1 != arguments.end()) {
      given[name] = *++argument;
    } else {
      throw UsageError(std::string(name) + " wants a value");
    }
  }
  return given;
}

std::uint16_t read_port(const std::string& text, std::uint16_t lowest) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || rest != end || port < lowest)
    throw UsageError("--port wants a number from " + std::to_string(lowest) + " to 65535, not '" +
                     text + "'");
  return port;
}

std::string value_of(const Given& given, std::string_view name, std::string_view otherwise) {
  const auto found = given.find(name);
  return found == given.end() ? std::string(otherwise) : found->second;
}

Address read_address(const Program& program, const Given& given) {
  const auto name = value_of(given, "--family", families.front().name);
  const auto* const family = std::ranges::find(families, name, &Family::name);
  if (family == families.end())
    throw UsageError("--family is inet, inet6 or unix, not '" + name + "'");

  if (family->number == AF_UNIX) {
    if (given.contains("--host") || given.contains("--port"))
      throw UsageError("--family unix goes with --path, not with --host and --port");
    if (!given.contains("--path")) throw UsageError("--family unix wants a --path");
    const auto address = Address::local(given.at("--path"));
    if (!address) throw UsageError("--path is empty or too long for a socket");
    return *address;
  }

  if (given.contains("--path")) throw UsageError("--path goes with --family unix only");
  const auto host = value_of(given, "--host", family->host);
  const auto port = read_port(value_of(given, "--port", default_port), program.lowest_port);
  const auto address = Address::internet(family->number, host, port);
  if (!address)
    throw UsageError("--host wants a numeric " + name + " address such as " +
                     std::string(family->host) + ", not '" + host + "'");
  return *address;
}

void print_failure(const Address& address, const std::system_error& failure) {
  std::cerr << "error: " << address.text() << ": " << failure.what() << "\n";
  for (const Hint& hint : hints)
    if (failure.code() == hint.reason) std::cerr << "hint: " << hint.text << "\n";
}

int run_on(const Address& address, const Program& program) {
  try {
    program.body(address);
    return 0;
  } catch (const std::system_error& failure) {
    print_failure(address, failure);
    return 1;
  }
}

} // namespace

int run(const Program& program, int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    print_help(program);
    return 0;
  }
  try {
    const Address address = read_address(program, read_options(arguments));
    return run_on(address, program);
  } catch (const UsageError& error) {
    std::cerr << "error: " << error.what() << "\nhint: " << program.name << " --help\n";
    return 2;
  }
}

std::optional<std::string> ask(std::string_view prompt) {
  std::cout << prompt << std::flush;
  std::string line;
  if (std::getline(std::cin, line)) return line;
  std::cout << '\n' << std::flush;
  return std::nullopt;
}

} // namespace chat
