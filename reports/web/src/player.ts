// Where the reader is and how the page is set: one step, one language, one theme. All controls act on
// it; all panes read it. Owns no drawing.
import type { Call, Index, Moment, PageData } from "./data";
import { language, setLanguage } from "./i18n";
import { hashValues, recall, remember, setHash } from "./memory";
import { findDeadlock, type Deadlock } from "./model/deadlock";
import { Kernel } from "./model/kernel";
import { Queues } from "./model/queues";
import { Sequence } from "./model/sequence";
import { Trace } from "./model/trace";

export const THEMES = ["light", "dark", "contrast"] as const;
export const SPEEDS = [0.5, 1, 2, 4];
export const VIEWS = ["story", "calls", "document", "sockets", "findings", "environment", "text"] as const;
export type View = (typeof VIEWS)[number];
const PACE = 1600; // milliseconds a step at 1x

export class Player extends EventTarget {
  readonly trace: Trace;
  readonly queues: Queues;
  readonly kernel: Kernel;
  readonly deadlock: Deadlock | null;
  sequence: Sequence;
  step = 0;
  view: View = "story";
  theme: string;
  zoom: number; // what the reader chose
  panes: boolean[]; // first source, ladder, second source, call, sockets and bytes
  speed: number;
  left: Index = 0;
  right: Index = 1;
  hidden = false;
  listed = false; // the ladder as a table
  whole = false; // the ladder shows what is still to come
  follow: Index = -1;
  predict = false;
  blank = false;
  help = false;
  private spoken: string | undefined; // the language that the reader chose, here or before
  private timer = 0;

  constructor(readonly data: PageData) {
    super();
    this.trace = new Trace(data);
    this.queues = new Queues(this.trace);
    this.kernel = new Kernel(this.trace, this.queues);
    this.deadlock = findDeadlock(this.trace, this.queues);
    const kept = recall();
    this.theme = THEMES.find((name) => name === kept.theme) ?? "light";
    this.zoom = Math.min(2, Math.max(0.7, Number(kept.zoom) || 1));
    this.panes = Array.isArray(kept.panes) && kept.panes.length === 5 ? kept.panes.map(Boolean) : [true, true, true, true, true];
    this.speed = SPEEDS.find((speed) => speed === kept.speed) ?? 1;
    if (data.sides.length < 2) this.right = -1;
    this.spoken = kept.lang;
    setLanguage(hashValues().get("lang")?.replace("-", "_") ?? kept.lang ?? data.lang);
    this.sequence = new Sequence(this.trace, false, -1);
    this.readHash();
    addEventListener("hashchange", () => this.readHash());
    addEventListener("popstate", () => this.readHash());
  }

  /** All sizes are multiplied by it: what the reader chose, and half of what a large screen has more. */
  get scale(): number {
    const room = Math.min(innerWidth / 1280, innerHeight / 720);
    return this.zoom * Math.min(1.6, Math.max(1, 1 + (room - 1) / 2));
  }

  get moment(): number {
    return this.sequence.moments[this.step] ?? -1;
  }

  get now(): Moment | undefined {
    return this.data.moments[this.moment];
  }

  /** The call that the current moment is about. */
  get call(): Call | undefined {
    return this.trace.call(this.now);
  }

  get length(): number {
    return this.sequence.length;
  }

  /** The moment before, in the order in which it is stepped. */
  get before(): number {
    return this.sequence.moments[this.step - 1] ?? -1;
  }

  get deadlocked(): boolean {
    return this.deadlock !== null && this.moment >= this.deadlock.from;
  }

  go(step: number, push = false): void {
    const to = Math.min(Math.max(0, step), Math.max(0, this.length - 1));
    if (to === this.step) return;
    this.step = to;
    this.bringIntoSight(this.now?.side ?? -1);
    this.changed(push);
  }

  goMoment(moment: number): void {
    if (moment < 0) return;
    this.go(this.sequence.stepOf(moment), true);
  }

  /** To the next entry of a call on that line after this step, from the last one round to the first. */
  goLine(entries: readonly number[]): void {
    const steps = entries.map((moment) => this.sequence.stepOf(moment));
    const next = steps.find((step) => step > this.step) ?? steps[0];
    if (next !== undefined) this.go(next, true);
  }

  /** Where more than two sides are, the one that acts is shown. */
  private bringIntoSight(side: Index): void {
    if (side < 0 || side === this.left || side === this.right) return;
    if (this.right >= 0) this.right = side;
    else this.left = side;
  }

  showSide(place: "left" | "right", side: Index): void {
    if (place === "left") {
      if (side === this.right) this.right = this.left;
      this.left = side;
    } else {
      if (side === this.left) this.left = this.right;
      this.right = side;
    }
    this.changed(false);
  }

  /** Steps through other moments from now on, staying where the reader is. */
  choose(hidden: boolean, follow: Index): void {
    const moment = this.moment;
    this.hidden = hidden;
    this.follow = follow;
    this.sequence = new Sequence(this.trace, hidden, follow);
    this.step = this.sequence.stepOf(moment);
    this.changed(false);
  }

  set(values: Partial<Pick<Player, "view" | "theme" | "zoom" | "panes" | "speed" | "listed" | "whole" | "predict" | "blank" | "help">>): void {
    const push = values.view !== undefined && values.view !== this.view;
    Object.assign(this, values);
    this.changed(push);
  }

  speak(lang: string): void {
    setLanguage(lang);
    this.spoken = language();
    this.changed(false);
  }

  get playing(): boolean {
    return this.timer !== 0;
  }

  play(on: boolean): void {
    clearInterval(this.timer);
    this.timer = 0;
    if (on) {
      if (this.step >= this.length - 1) this.go(0);
      this.timer = window.setInterval(() => (this.step < this.length - 1 && !this.blank ? this.go(this.step + 1) : this.play(false)), PACE / this.speed);
    }
    this.changed(false);
  }

  private changed(push: boolean): void {
    this.writeHash(push);
    remember({ lang: this.spoken, theme: this.theme, zoom: this.zoom, panes: this.panes, speed: this.speed });
    this.dispatchEvent(new Event("change"));
  }

  private writeHash(push: boolean): void {
    const values = new URLSearchParams({ step: String(this.step + 1), lang: language(), view: this.view });
    if (this.hidden) values.set("hidden", "1");
    if (this.follow >= 0) values.set("follow", String(this.follow));
    setHash(values, push);
  }

  private readHash(): void {
    const values = hashValues();
    const lang = values.get("lang");
    if (lang) setLanguage(lang.replace("-", "_"));
    this.view = VIEWS.find((view) => view === values.get("view")) ?? "story";
    const hidden = values.get("hidden") === "1";
    const asked = Number.parseInt(values.get("follow") ?? "-1", 10);
    const follow = this.data.sockets[asked] ? asked : -1;
    if (hidden !== this.hidden || follow !== this.follow) {
      this.hidden = hidden;
      this.follow = follow;
      this.sequence = new Sequence(this.trace, hidden, follow);
    }
    const step = Number.parseInt(values.get("step") ?? "1", 10);
    this.step = Math.min(Math.max(0, (Number.isFinite(step) ? step : 1) - 1), Math.max(0, this.length - 1));
    this.bringIntoSight(this.now?.side ?? -1);
    this.dispatchEvent(new Event("change"));
  }
}
