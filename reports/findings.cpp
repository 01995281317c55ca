#include "reports/findings.hpp"

#include "reports/findings_rules.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <map>

namespace socktale::reports {
namespace {

// Name, function, title, meaning, how to mend it. Whole sentences; {words} come from the function.
const std::array table = {
    Rule{"never-closed", rule::never_closed, tr("The program never closes this socket"),
         tr("The socket that {call} made was still open when the program ended; the interpreter or "
            "the kernel closed it then. Until that moment the other side cannot know that nothing "
            "more will come, and a program that runs on keeps one descriptor more with every "
            "connection."),
         tr("Close it on every way out of the program, after break and on failures too: a with "
            "block "
            "does that in Python, a destructor in C++, one common exit in C.")},
    Rule{
        "send-after-close", rule::send_after_close,
        tr("Sent to a peer that had closed the connection"),
        tr("The other side had closed. The first send after that still succeeds, for it only hands "
           "the bytes to the kernel; the peer answers them with a reset, and the next send fails "
           "with EPIPE or ECONNRESET. In C the signal SIGPIPE ends a program that does not expect "
           "it."),
        tr("Receive before you go on sending: recv returns 0 when the peer has closed. Use "
           "MSG_NOSIGNAL or ignore SIGPIPE, and take EPIPE and ECONNRESET for the end of the "
           "connection.")},
    Rule{
        "end-taken-for-data", rule::end_as_data, tr("The end of the stream is taken for a message"),
        tr("recv returned 0: the peer has closed, and nothing will ever come again. The program "
           "went on as if an empty message had come. In a loop that is a busy loop, and an answer "
           "to it goes to nobody."),
        tr("Test the result of every recv: 0 (b\"\" in Python) ends the conversation, so leave the "
           "loop and close the socket.")},
    Rule{"port-lingers", rule::port_lingers, tr("The port is not free yet after the last run"),
         tr("bind was refused with EADDRINUSE, though nobody listens: a connection of an earlier "
            "run "
            "at {address} is still in the state {state}. The side that closes first keeps the pair "
            "of addresses in TIME_WAIT for about a minute."),
         tr("Set SO_REUSEADDR with setsockopt before bind. It lets a listening socket take a port "
            "on "
            "which only old connections are left.")},
    Rule{"port-taken", rule::port_taken, tr("Another socket has this port"),
         tr("bind was refused with EADDRINUSE: {who} holds {address}. SO_REUSEADDR does not help "
            "here, for a port that somebody listens on is taken."),
         tr("End that process, which is often an earlier run of the same program, or use another "
            "port.")},
    Rule{
        "missing-htons", rule::missing_htons,
        tr("The bytes of the port are swapped: htons is missing"),
        tr("The kernel was given port {port}, but the program means {meant}: the same two bytes in "
           "the other order. {line} sets the port as it is, while the network's order is the "
           "highest byte first."),
        tr("Write sin_port = htons({meant}). What comes back from the kernel needs ntohs.")},
    Rule{
        "swapped-ports", rule::swapped_ports,
        tr("The two programs mean the same port with its bytes swapped"),
        tr("The connect to {wanted} was refused, while {listening} listens: these two port numbers "
           "are each other's bytes in reverse order. One of the two programs has left out htons, "
           "or "
           "used it twice."),
        tr("Use htons exactly once wherever a port is put into an address, and compare the ports "
           "that both kernel calls show.")},
    Rule{"listen-before-bind", rule::listen_before_bind, tr("It listens before it has an address"),
         tr("listen was called on a socket that was not bound. The kernel then chooses a free port "
            "by itself, which no client knows, and a bind that follows fails with EINVAL."),
         tr("Keep the order socket, bind, listen, accept.")},
    Rule{"refused-elsewhere", rule::refused_elsewhere,
         tr("Nobody listens where the client connects to"),
         tr("The connect to {wanted} was refused at once: no socket listens on that address and "
            "port. What did listen at that moment: {listening}."),
         tr("Give both programs the same address and port. A server bound to one address is not "
            "reached by another one of the same machine.")},
    Rule{"refused-too-early", rule::refused_too_early,
         tr("The client came before the server listened"),
         tr("The connect to {wanted} was refused because the server began to listen on {listening} "
            "only afterwards. A bound socket does not accept connections before listen."),
         tr("Start the server first and wait until it listens, or let the client try again after a "
            "short while.")},
    Rule{"other-loopback", rule::other_loopback, tr("Client and server use different IP versions"),
         tr("The connect to {wanted} was refused, while {listening} listens on the same port: "
            "127.0.0.1 and ::1 are two addresses, and the name localhost may stand for either."),
         tr("Use the same numeric address on both sides, or try every address that getaddrinfo "
            "gives until one connects.")},
    Rule{"only-inet6", rule::only_inet6, tr("The IPv6 server refuses IPv4 clients"),
         tr("The connect to {wanted} was refused although {listening} listens on that port: "
            "IPV6_V6ONLY is set on the server's socket, so it takes no IPv4 connections."),
         tr("Clear IPV6_V6ONLY before bind, or let the server listen on a socket of each "
            "family.")},
    Rule{"wrong-family", rule::wrong_family, tr("The address is of another family than the socket"),
         tr("The socket is {family}, the address that it was given is {given}, and the kernel "
            "refused it."),
         tr("Make the socket with the family of the address: with getaddrinfo, give ai_family to "
            "socket and ai_addr to bind or connect, both of the same entry.")},
    Rule{
        "wrong-length", rule::wrong_length, tr("addrlen is not the size of the address"),
        tr("The call was given addrlen {given}; an address of {family} is a {structure} of {size} "
           "bytes. If it is too small the kernel refuses it with EINVAL or loses its end; if it is "
           "too large Linux may let it pass, and other systems refuse it."),
        tr("Pass sizeof of the structure that you filled in, not of a pointer and not of another "
           "structure.")},
    Rule{"cut-address", rule::cut_address, tr("The address did not fit into the room for it"),
         tr("The program offered {room} bytes for an address of {size}: the kernel wrote the "
            "beginning only and set the length to what it would have needed."),
         tr("Before every call set the length to sizeof of the buffer; a struct sockaddr_storage "
            "holds an address of any family. The kernel overwrites the length each time.")},
    Rule{"ored-options", rule::ored_options, tr("Two socket options in one setsockopt"),
         tr("{one} | {other} gives the number {number}, which the kernel reads as one option: "
            "{option}. Options are numbers and not bits, so an option that was meant is not set."),
         tr("Call setsockopt once for each option.")},
    Rule{"short-send", rule::short_send, tr("The rest of a message was never sent"),
         tr("The program offered {asked} bytes, and the kernel took {taken}: its buffer was full. "
            "The program went on as if all had been sent, so the peer misses the rest."),
         tr("Look at the result of send and send the rest, as sendall does in Python; on a "
            "non-blocking socket wait with poll until there is room.")},
    Rule{"short-recv", rule::short_recv, tr("The rest of a message was never received"),
         tr("One send gave {sent} bytes. This recv asked for up to {asked} and got {got}; the "
            "program then closed, with {left} bytes left unread. recv returns what is there, not "
            "what was asked for."),
         tr("Receive in a loop until the message is complete: by its length, by its end mark, or "
            "until recv returns 0.")},
    Rule{
        "recv-per-send", rule::recv_per_send, tr("One recv is not one send"),
        tr("This recv got {bytes} bytes, and the send that they begin with had given {sent}: TCP "
           "keeps no borders between sends. The calls that follow take what came for one whole "
           "message."),
        tr("Mark where a message ends, with a newline or a length before it, and collect what recv "
           "gives until a message is complete.")},
    Rule{
        "cut-character", rule::cut_character, tr("A character was cut in half"),
        tr("This recv ended after {open} of the {length} bytes of {character}; the rest came "
           "later, or was still to come. Half a character is no valid UTF-8."),
        tr("Decode whole messages, not what one recv gives: collect the bytes until the message is "
           "complete, or use an incremental decoder.")},
    Rule{"empty-message", rule::empty_message, tr("An empty message is nothing at all"),
         tr("send was given no bytes, so nothing went out. The sender then waited for the answer, "
            "and the other side for the message: both for ever."),
         tr("Do not send empty text, or give every message an end mark, so that an empty one is a "
            "byte long.")},
    Rule{"both-waiting", rule::both_waiting, tr("Both sides wait for the other to send"),
         tr("Each end of the connection was in a receive, all that was sent had been taken, and "
            "neither program could send any more: nothing can end this."),
         tr("Settle in the protocol whose turn it is after each message; a timeout, or poll on "
            "several sockets, keeps a program from waiting for ever.")},
    Rule{"blocking-in-loop", rule::blocking_in_loop, tr("A blocking call holds up the event loop"),
         tr("{call} waited {ms} ms in a thread whose loop watches other sockets as well. Nothing "
            "that came on those could be served meanwhile."),
         tr("Make the socket non-blocking and go back to the loop on EAGAIN, or do this part in a "
            "thread of its own.")},
    Rule{"full-backlog", rule::full_backlog, tr("The queue of the listening socket was full"),
         tr("The connect to {address} waited {ms} ms: {length} connections had been made and not "
            "yet "
            "accepted, and listen allowed for {limit}. Linux takes one more than that, and leaves "
            "the requests of further clients unanswered."),
         tr("Accept sooner, in a loop or a thread of its own, or give listen a larger "
            "backlog.")},
};

// What is the same mistake again: the rule fell on the same line of the same side.
using Where = std::tuple<std::string_view, Index, std::string, std::int32_t, std::int32_t>;

class Finder {
 public:
  explicit Finder(const Story& story) : ground_(story) {}

  std::vector<Finding> run() {
    // Of a long trace on all CPUs: the rules only look, and none needs another's cases.
    const bool is_long = ground_.story.steps.size() > 10'000;
    std::vector<std::future<std::vector<Case>>> cases;
    for (const Rule& rule : table)
      cases.push_back(std::async(is_long ? std::launch::async : std::launch::deferred, rule.find,
                                 std::cref(ground_)));
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Rule& rule = table.at(i);
      const std::size_t begin = found_.size();
      for (Case& each : cases[i].get()) add(rule, std::move(each));
      std::sort(found_.begin() + static_cast<std::ptrdiff_t>(begin), found_.end(),
                [](const Finding& a, const Finding& b) { return a.at->id < b.at->id; });
    }
    return std::move(found_);
  }

 private:
  void add(const Rule& rule, Case each) {
    const Step* step = ground_.step_of(*each.at);
    if (!step) return;
    const model::Place& place = each.at->place;
    const Where where{rule.name, step->side, place.file, place.span.line, place.span.column};
    const auto [known, fresh] = known_.try_emplace(where, found_.size());
    if (!fresh) {
      ++found_[known->second].times;
      return;
    }
    std::vector<const model::Call*> evidence = std::move(each.evidence);
    evidence.push_back(each.at);
    std::ranges::sort(evidence, {}, &model::Call::id);
    const auto twice = std::ranges::unique(evidence);
    evidence.erase(twice.begin(), twice.end());
    found_.push_back({rule.name,
                      step->side,
                      each.at,
                      std::move(evidence),
                      1,
                      {rule.title, each.words},
                      {rule.meaning, each.words},
                      {rule.mend, each.words}});
  }

  const Ground ground_;
  std::vector<Finding> found_;
  std::map<Where, std::size_t> known_;
};

} // namespace

std::span<const Rule> rules() { return table; }

std::vector<Finding> find_all(const Story& story) { return Finder(story).run(); }

} // namespace socktale::reports
