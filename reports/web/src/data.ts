// What the page is given, as the C++ side writes it: the story of one trace as plain data, in the
// order of time. Names only, no logic. Everything in it that came from a traced program is hostile
// text; payload is base64.

export const PAGE_SCHEMA = 1;

/** Index into the array of that name; -1 where there is none. */
export type Index = number;
/** Nanoseconds since the recording began. */
export type Instant = number;

/** A text of ours: index into `phrases` (English, with {placeholders}) and the words for them, which may
 * be texts of ours again. */
export type Said = [phrase: Index, words?: Record<string, string | Said | null>];
/** English, or its two forms and the name of the word that is counted: one for 1, many otherwise. */
export type Phrase = string | [one: string, many: string, count: string];
/** What has no language, or a text of ours. */
export type Words = string | Said;

export interface PageData {
  schema: number;
  kind: "socktale-page";
  tool: string; // "socktale 0.1.0"
  lang: string; // "en" or "zh_CN": what is shown first
  phrases: Phrase[];
  dictionary: Record<string, Record<string, string>>; // language -> English text -> its text
  environment: [label: Said, value: Words][];
  remarks: Said[]; // what the reader has to know before trusting the report
  sides: Side[];
  files: SourceFile[];
  places: Place[];
  sockets: Socket[];
  connections: Connection[];
  calls: Call[]; // in the order of entry
  steps: Step[]; // one call as the programmer wrote it; in the order of beginning
  moments: Moment[]; // in the order of time
  transfers: Transfer[];
  waits: Wait[];
  states: State[]; // in the order of time
  samples: Sample[]; // in the order of time
  explain: Record<string, CallHelp>; // by name of the kernel call
  findings: Finding[];
  uncalled: Uncalled[];
  document: DocumentCheck | null;
  mermaid: string;
  calls_left_out: number; // the page holds the first calls only: so many follow in the trace
}

export interface Side {
  role: string; // "server"
  mark: string; // "▣": sides are never told apart by colour alone
  command: string; // "python3 server.py"
  runtime: string; // "CPython 3.11.2", "" when none was recognised
  pid: number; // of its first process; 0 unknown
  end: Said | null; // "exit status 0"; null: it had not ended
  file: Index; // the source file in which it begins: the pane's first text
}

export interface SourceFile {
  label: string; // "server.py"
  lines: string[]; // empty when the text was not kept
  changed: boolean; // the file changed since: its lines may be others
  cut: boolean; // only its beginning
}

/** Where in the user's source a call came from, and the chain down to the kernel. */
export interface Place {
  kind: "call" | "leaving" | "library" | "finalizing" | "unknown";
  file: Index;
  line: number; // from 1; 0 unknown
  column: number; // from 1, in characters of the line; 0 unknown
  end_line: number;
  end_column: number; // one past the last
  label: string; // "server.py:11", "" unknown
  text: string; // "serv_sock.bind((host, port))"; "" unknown
  note: Said | null; // "leaving a scope", "library code"
  function: string; // the user's function around it
  libc: string; // "bind"; "" unknown
  chain: string[]; // frames from the user's line inwards, each as one line of text
}

export interface Socket {
  side: Index;
  label: Words; // "server, descriptor 4"
  kind: Words; // "TCP/IPv4"
  descriptors: string; // "3", "4, 5"
  local: string; // "127.0.0.1:12345", "" unknown
  peer: string;
  listening: boolean;
  other_end: Index; // socket
  connection: Index;
  made: Said; // by which call
  closing: Said; // what became of it
  never_closed: boolean;
  bytes_in: number;
  bytes_out: number;
}

export interface Connection {
  kind: "stream" | "datagram";
  ends: [Index, Index]; // sockets: 0 the one that connected, 1 the one that accepted
  listener: Index; // socket
  labels: [string, string]; // addresses of the ends
  connect: Index; // call
  accept: Index; // call
  begun: Instant; // the handshake was over by then
  first_closer: -1 | 0 | 1; // which end said first that nothing follows
  closed: [Instant, Instant]; // when each end said that nothing follows from it; -1 never
  reset: boolean;
  says: Said; // the conversation in a sentence
}

export interface Call {
  side: Index;
  pid: number;
  tid: number;
  name: string; // "accept4"
  nr: number; // the kernel's number
  via: string; // what it stands for when that is not the name: "socketcall(SYS_SENDTO)"
  place: Index;
  step: Index;
  hidden: boolean; // not the one that its step is named for
  text: string; // strace's spelling, with the result
  args: [name: string, text: string][];
  result: string; // "= 5", "= -1 EAGAIN (Resource temporarily unavailable)", "" in flight
  error: string; // "EAGAIN"; "" none
  trouble: boolean; // failed in a way that matters
  says: Said | null;
  socket: Index;
  makes: Index; // the socket that it made
  entered: Instant;
  left: Instant; // -1: had not returned
  payload: Payload | null;
}

export interface Payload {
  direction: "in" | "out";
  length: number; // bytes moved
  data: string; // base64 of the first ones
  withheld: boolean;
}

export interface Step {
  side: Index;
  number: number; // from 1 within its side
  api: string; // "accept"
  place: Index;
  calls: Index[];
  main: Index; // call
}

/** kind: e a call is about to be made, r it returned, b a process began, x exec, g a process ended, s a signal. */
export interface Moment {
  at: Instant;
  kind: "e" | "r" | "b" | "x" | "g" | "s";
  side: Index;
  call: Index; // e, r
  says: Said | null; // b, x, g, s
}

/** Bytes given by one call and taken by another, matched by their place in the stream. */
export interface Transfer {
  connection: Index;
  from: 0 | 1; // end
  send: Index; // call; -1 not traced
  recv: Index; // call; -1 never taken, or not traced
  offset: number; // in the stream from that end
  length: number;
}

export interface Wait {
  call: Index; // that waited
  by: Index; // the call that released it; -1 unknown
  took: number; // nanoseconds
  says: Said;
}

/** A state that a TCP socket was in from then on. */
export interface State {
  at: Instant;
  socket: Index; // -1: no descriptor had it; then `connection` and `end` tell which
  connection: Index;
  end: -1 | 0 | 1;
  state: string; // "ESTABLISHED"
  how: "sampled" | "inferred" | "passed"; // passed: a state that it must have gone through
}

/** What the kernel said when it was asked at a stop. */
export interface Sample {
  at: Instant;
  call: Index;
  sockets: SampledSocket[];
}

export interface SampledSocket {
  socket: Index; // -1: no traced descriptor
  local: string;
  peer: string;
  state: string;
  recv_queue: number; // listening: connections that wait for accept
  send_queue: number; // listening: the limit of that queue
  timer: string; // "timewait 60s", "" none
}

export interface CallHelp {
  summary: Said;
  args: Record<string, Said>;
  kernel: string[]; // functions of the kernel behind it: looked up, not traced
}

export interface Finding {
  rule: string; // "never-closed"
  title: Said;
  meaning: Said;
  mend: Said;
  evidence: Index[]; // calls
  places: Index[];
  side: Index;
}

export interface Uncalled {
  file: Index;
  line: number;
  text: string;
  known: Said;
  does: Said;
}

export interface DocumentCheck {
  title: Words;
  holds: boolean;
  rows: DocumentRow[];
  left_out: Said[];
}

export interface DocumentRow {
  role: string;
  api: string;
  claim: string;
  observed: string; // "" none
  step: Index;
  verdict: "same" | "differs" | "missing";
  parts: Said[]; // what differs, a sentence each
}
