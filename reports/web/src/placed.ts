// Sets lengths on an element through the object model: style attributes are forbidden by the policy of
// the page, and lit's own styleMap writes one at first.
import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class Placed extends Directive {
  render(_lengths: Record<string, number>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [lengths]: [Record<string, number>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, pixels] of Object.entries(lengths)) style.setProperty(name, `${pixels}px`);
    return noChange;
  }
}

/** `<div ${placed({ top: 12 })}>`: CSS properties in pixels. */
export const placed = directive(Placed);
