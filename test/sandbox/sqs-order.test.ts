import fc from "fast-check";
import { expect, test } from "vitest";
import { bodies, fifo, pass, type Received, receive, send } from "./fifo.ts";
import { call } from "./world-of-services.ts";

type Act =
  | { readonly act: "send"; readonly group: string }
  | { readonly act: "receive"; readonly most: number }
  | { readonly act: "delete" | "return"; readonly which: number }
  | { readonly act: "pass"; readonly seconds: number };

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant("send" as const), group: fc.constantFrom("a", "b", "c") }),
  fc.record({ act: fc.constant("receive" as const), most: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ act: fc.constantFrom("delete" as const, "return" as const), which: fc.nat(9) }),
  fc.record({ act: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 40 }) }),
);

/** A consumer that keeps book of what it was given, and of what should be left. */
class Consumer {
  readonly world = fifo();
  readonly #left = new Map<string, string[]>();
  #held: { readonly message: Received; readonly until: number }[] = [];
  #sent = 0;

  do(act: Act): void {
    switch (act.act) {
      case "send": {
        const body = String(this.#sent++);
        send(this.world, act.group, body);
        this.#left.set(act.group, [...(this.#left.get(act.group) ?? []), body]);
        return;
      }
      case "receive":
        this.#receive(act.most);
        return;
      case "delete":
      case "return":
        this.#settle(act.act, act.which);
        return;
      case "pass":
        pass(this.world, act.seconds);
        this.#held = this.#held.filter(({ until }) => until > this.world.now);
    }
  }

  /** Takes out all there is, and answers how much of what was sent is missing. */
  drain(): number {
    for (let round = 0; round < 200 && [...this.#left.values()].flat().length > 0; round += 1) {
      this.do({ act: "pass", seconds: 30 });
      this.#receive(10);
      while (this.#held.length > 0) this.#settle("delete", 0);
    }
    return [...this.#left.values()].flat().length;
  }

  #receive(most: number): void {
    const busy = new Set(this.#held.map(({ message }) => message.Attributes.MessageGroupId));
    const given = receive(this.world, most);
    for (const group of new Set(given.map((message) => message.Attributes.MessageGroupId ?? ""))) {
      expect(busy).not.toContain(group);
      const own = given.filter((message) => message.Attributes.MessageGroupId === group);
      expect(bodies(own)).toEqual(this.#left.get(group)?.slice(0, own.length));
    }
    this.#held.push(...given.map((message) => ({ message, until: this.world.now + 30_000 })));
  }

  #settle(act: "delete" | "return", which: number): void {
    const [taken] = this.#held.splice(which % Math.max(1, this.#held.length), 1);
    if (taken === undefined) return;
    const { Attributes, Body, ReceiptHandle } = taken.message;
    const input = { QueueUrl: "q.fifo", ReceiptHandle };
    if (act === "return") {
      call(this.world, "sqs:ChangeMessageVisibility", { ...input, VisibilityTimeout: 0 });
      return;
    }
    call(this.world, "sqs:DeleteMessage", input);
    const group = Attributes.MessageGroupId ?? "";
    this.#left.set(
      group,
      (this.#left.get(group) ?? []).filter((body) => body !== Body),
    );
  }
}

test("whatever is done, a group keeps its order and no message is lost", () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 60 }), (history) => {
      const consumer = new Consumer();
      for (const act of history) consumer.do(act);
      expect(consumer.drain()).toBe(0);
    }),
    { numRuns: 200 },
  );
});
