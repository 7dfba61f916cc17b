import type { Operation } from "../../src/aws/call.ts";
import { random } from "../../src/sandbox/random.ts";
import { anyErrors } from "./declared-errors.ts";
import { type Draw, drawing } from "./draw.ts";
import type { Event, History } from "./events.ts";
import { drawFate } from "./fates.ts";
import type { Shop } from "./shop.ts";

// What takes several things one after the other, which hardly any seed would draw by itself.

/** The history of a seed that is one of these; undefined: it is one of the others. */
export function rarityOf(seed: number): History | undefined {
  const draw = drawing(random(Math.imul(seed, 0x85ebca6b) ^ 0x7a21));
  const one = draw.weighted([...rarities, [undefined, 100 - shares]]);
  return one && { seed, start: deployed, sweep: draw.chance(0.5), ...one(draw) };
}

const deployed = { world: "deployed", changeSet: "none", record: "as it was" } as const;

type Rarity = (
  draw: Draw,
) => Pick<History, "end" | "events"> & Partial<Pick<History, "start" | "sweep">>;

const push = (change: Partial<Shop>, more: { readonly unheard?: true } = {}): Event => ({
  do: "push",
  change,
  ...more,
});

const wait = (least: number, most: number, draw: Draw): Event => ({
  do: "wait",
  seconds: least + draw.upTo(most - least),
});

const notes = ["b", "c", "d"] as const;

/** What was broken off for something newer is wanted again while it is still going back. */
const comesBack: Rarity = (draw) => ({
  events: [
    push({ image: "missing", note: draw.one(notes) }),
    wait(60, 180, draw),
    push({ image: "kept", note: draw.one(["a", ...notes]) }),
    wait(5, 60, draw),
    { do: "revert" },
    wait(200, 600, draw),
  ],
  end: "as it is",
});

/** Somebody commits just when an image is being written, and nobody hears of that commit. */
const inTheWay: Rarity = (draw) => ({
  // The sweep would see it all.
  sweep: false,
  events: [
    {
      do: "during",
      at: draw.one([
        "codecommit:CreateCommit",
        // The last call before that is of its commit.
        "codecommit:ListAssociatedApprovalRuleTemplatesForRepository",
      ] as const),
      skip: 0,
      event: push({ note: draw.one(notes) }, { unheard: true }),
    },
    { do: "image", tag: `1.0.${1 + draw.upTo(3)}` },
    wait(200, 600, draw),
  ],
  end: "as it is",
});

/** What hangs is not given up by anybody else for hours, and is overtaken. */
const hangsForHours: Rarity = (draw) => ({
  events: [
    push({ image: "missing", patient: true, note: draw.one(notes) }),
    wait(60, 180, draw),
    push({ image: "kept", note: draw.one(["a", ...notes]) }),
    wait(60, 300, draw),
  ],
  end: "mended",
});

/** In another account, where roles are assumed and sessions run out. */
const farAway: Rarity = (draw) => ({
  start: { ...deployed, world: draw.one(["registered elsewhere", "deployed elsewhere"]) },
  events: [
    { do: "fate", at: draw.one(["any", "mutating"]), skip: draw.upTo(60), fate: drawFate(draw) },
    push({ note: draw.one(notes), timeout: draw.one([30, 60, 90]) }),
    wait(60, 600, draw),
  ],
  end: draw.one(["as it is", "mended"]),
});

/** A call is refused just when there is news. */
const refusedNews =
  (at: Operation, more: Pick<History, "sweep"> | undefined = undefined): Rarity =>
  (draw) => ({
    ...more,
    events: [
      {
        do: "fate",
        at,
        skip: draw.upTo(2),
        fate: { error: draw.one(anyErrors), when: "before" },
      },
      push({ note: draw.one(notes), timeout: draw.one([30, 90]) }),
      wait(200, 600, draw),
    ],
    end: "as it is",
  });

/** A file cannot be read. */
const unreadable = refusedNews("codecommit:GetBlob");

/** News cannot be queued, and nobody else would look. */
const unqueued = refusedNews("sqs:SendMessageBatch", { sweep: false });

/** A stack cannot be described just when it is to go. */
const unseen: Rarity = (draw) => ({
  events: [
    push({ worker: true }),
    wait(240, 360, draw),
    {
      do: "fate",
      at: "cloudformation:DescribeStacks",
      skip: draw.upTo(3),
      fate: { error: draw.one(anyErrors), when: draw.one(["before", "after"]) },
    },
    push({ worker: false }),
    wait(100, 300, draw),
  ],
  end: draw.one(["as it is", "mended"]),
});

/** What somebody asks for cannot be read just when there is news; later it may be taken back. */
const garbled: Rarity = (draw) => {
  const [leaf, taken] = draw.one([
    ["hold", { do: "release" }],
    ["suspended", { do: "resume" }],
  ] as const);
  const news = push({ note: draw.one(notes), timeout: draw.one([30, 90]) });
  const back: readonly Event[] = draw.chance(0.5) ? [taken, wait(100, 300, draw)] : [];
  return {
    events: [{ do: "garble", leaf }, news, wait(60, 300, draw), ...back],
    end: draw.one(["as it is", "mended"]),
  };
};

/** A service is given a secret, beside a neighbour that is not, and perhaps it is taken away again. */
const entrusted: Rarity = (draw) => ({
  events: [
    push({ secret: true, worker: draw.chance(0.5) }),
    ...(draw.chance(0.5) ? [wait(30, 400, draw)] : []),
    push({ note: draw.one(notes), image: draw.one(["kept", "kept", "missing"]) }),
    ...(draw.chance(0.5)
      ? [{ do: "fate" as const, at: "mutating" as const, skip: draw.upTo(4), fate: drawFate(draw) }]
      : []),
    ...(draw.chance(0.5) ? [wait(30, 400, draw), push({ secret: false })] : []),
  ],
  end: "mended",
});

/** Of a hundred seeds, so many. */
const rarities: readonly (readonly [Rarity, number])[] = [
  [comesBack, 2],
  [inTheWay, 2],
  [hangsForHours, 2],
  [farAway, 2],
  [unreadable, 2],
  [unseen, 2],
  [entrusted, 2],
  [garbled, 2],
  [unqueued, 2],
];

const shares = rarities.reduce((sum, [, share]) => sum + share, 0);
