/**
 * Matches a whole text and answers its named groups, in time linear in the text whatever the
 * pattern: the text is a tag that anybody with a push right chose.
 */
export type Matcher = (text: string) => Readonly<Record<string, string>> | undefined;

export type Pattern =
  | { readonly kind: "pattern"; readonly match: Matcher; readonly groups: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string };

/** A regular expression of the subset that tags need: no back-references, looks or nested quantifiers. */
export function compilePattern(source: string): Pattern {
  if (source.length > 200) return refused("it has more than 200 characters");
  if (!source.startsWith("^") || !source.endsWith("$"))
    return refused("it is not anchored: begin it with ^ and end it with $");

  const reader: Reader = { source: source.slice(1, -1), at: 0, groups: [], problem: undefined };
  const [only, ...alternatives] = readAlternatives(reader);
  if (reader.at < reader.source.length) reader.problem ??= "it has a ) too many";
  if (alternatives.length > 0) reader.problem ??= "put its alternatives in a group: ^(?:a|b)$";
  if (reader.problem !== undefined || only === undefined) return refused(reader.problem ?? "");

  const program: Instruction[] = [];
  emitAll(only, program);
  if (program.length > 2000) return refused("its repetitions are too many");
  const { groups } = reader;
  return { kind: "pattern", groups, match: (text) => run(program, text) };
}

const refused = (reason: string) => ({ kind: "refused", reason }) as const;

interface Reader {
  readonly source: string;
  at: number;
  readonly groups: string[];
  /** The first thing that is wrong. */
  problem: string | undefined;
}

/** What a pattern is made of, before it becomes instructions. */
type Part =
  | { readonly kind: "one"; readonly of: RegExp }
  | { readonly kind: "group"; readonly name: string | undefined; readonly of: readonly Part[][] }
  | {
      readonly kind: "repeat";
      readonly of: Part;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    };

function readAlternatives(reader: Reader): Part[][] {
  const alternatives: Part[][] = [[]];
  while (reader.at < reader.source.length && reader.problem === undefined) {
    const char = reader.source[reader.at];
    if (char === ")") break;
    if (char === "|") {
      reader.at += 1;
      alternatives.push([]);
      continue;
    }
    const atom = readAtom(reader);
    if (atom !== undefined) alternatives.at(-1)?.push(readQuantifier(reader, atom));
  }
  return alternatives;
}

const atoms =
  /[\w ,:;<>=!"'#%&@/~`-]|\.|\\[dDwWsS]|\\[^A-Za-z0-9]|\[(?:\\[dDwWsS]|\\[^A-Za-z0-9]|[^\]\\])+\]/y;

function readAtom(reader: Reader): Part | undefined {
  if (reader.source[reader.at] === "(") return readGroup(reader);
  atoms.lastIndex = reader.at;
  const [source] = atoms.exec(reader.source) ?? [];
  const of = source === undefined ? undefined : oneOf(source);
  if (source === undefined || of === undefined)
    return fail(reader, `\`${reader.source.slice(reader.at, reader.at + 8)}\` is not supported`);
  reader.at += source.length;
  return { kind: "one", of };
}

/** One character's test; undefined: a class such as [z-a] that is none. */
function oneOf(source: string): RegExp | undefined {
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}

function readGroup(reader: Reader): Part | undefined {
  const [opening = "(", name] =
    /^\((?:\?:|\?<([A-Za-z]\w*)>)?/.exec(reader.source.slice(reader.at)) ?? [];
  if (reader.source.startsWith("(?", reader.at) && opening === "(")
    return fail(reader, "it may have only (…), (?:…) and (?<name>…)");
  if (name !== undefined && reader.groups.includes(name))
    return fail(reader, `it has two groups named ${name}`);
  if (name !== undefined) reader.groups.push(name);
  reader.at += opening.length;
  const of = readAlternatives(reader);
  if (reader.source[reader.at] !== ")") return fail(reader, "it has a group that does not end");
  reader.at += 1;
  return { kind: "group", name, of };
}

function readQuantifier(reader: Reader, of: Part): Part {
  const found = /^(?:([*+?])|\{(\d{1,3})(,(\d{1,3})?)?\})(\?)?/.exec(
    reader.source.slice(reader.at),
  );
  if (found === null) return of;
  const [text, sign, least = "0", more, most, lazy] = found;
  if (repeats(of)) fail(reader, "it has a quantifier inside a quantifier");
  reader.at += text.length;
  const [from, to] = sign === undefined ? [Number(least), limit(least, more, most)] : signs(sign);
  if (to < from) fail(reader, "it has a quantifier that ends before it begins");
  return { kind: "repeat", of, least: from, most: to, lazy: lazy !== undefined };
}

const signs = (sign: string): readonly [number, number] =>
  sign === "?" ? [0, 1] : [sign === "+" ? 1 : 0, Number.POSITIVE_INFINITY];

const limit = (least: string, more: string | undefined, most: string | undefined): number =>
  more === undefined ? Number(least) : most === undefined ? Number.POSITIVE_INFINITY : Number(most);

const repeats = (part: Part): boolean =>
  part.kind === "repeat" || (part.kind === "group" && part.of.flat().some(repeats));

function fail(reader: Reader, problem: string): undefined {
  reader.problem ??= problem;
}

type Instruction =
  | { readonly kind: "one"; readonly of: RegExp }
  | Fork
  | { readonly kind: "open" | "close"; readonly name: string };

/** Goes on at the first; if that leads nowhere, at the second. */
interface Fork {
  readonly kind: "fork";
  first: number;
  second: number;
}

function emitAll(parts: readonly Part[], program: Instruction[]): void {
  for (const part of parts) emit(part, program);
}

function emit(part: Part, program: Instruction[]): void {
  if (program.length > 2000) return;
  if (part.kind === "one") program.push(part);
  else if (part.kind === "group") emitGroup(part, program);
  else emitRepeat(part, program);
}

function emitGroup({ name, of }: Extract<Part, { kind: "group" }>, program: Instruction[]): void {
  if (name !== undefined) program.push({ kind: "open", name });
  const ends: Fork[] = [];
  for (const [index, parts] of of.entries()) {
    const last = index === of.length - 1;
    const choice = fork(program.length + 1);
    if (!last) program.push(choice);
    emitAll(parts, program);
    const end = fork(0);
    if (!last) {
      program.push(end);
      ends.push(end);
    }
    choice.second = program.length;
  }
  for (const end of ends) end.first = end.second = program.length;
  if (name !== undefined) program.push({ kind: "close", name });
}

function emitRepeat(
  { of, least, most, lazy }: Extract<Part, { kind: "repeat" }>,
  program: Instruction[],
): void {
  for (let i = 0; i < least; i++) emit(of, program);
  const endless = most === Number.POSITIVE_INFINITY;
  const forks: Fork[] = [];
  for (let i = least; i < (endless ? least + 1 : most); i++) {
    const start = program.length;
    const choice = fork(start + 1);
    program.push(choice);
    emit(of, program);
    if (endless) program.push({ kind: "fork", first: start, second: start });
    forks.push(choice);
  }
  for (const choice of forks) {
    choice.second = program.length;
    if (lazy) [choice.first, choice.second] = [choice.second, choice.first];
  }
}

const fork = (first: number): Fork => ({ kind: "fork", first, second: first });

interface State {
  readonly pc: number;
  readonly at: number;
  /** A group that is open: where it begins; one that is closed: its text. */
  readonly groups: Readonly<Record<string, number | string>>;
}

/** Backtracks, but never to a place in program and text where it has been: so it is linear. */
function run(program: readonly Instruction[], text: string): ReturnType<Matcher> {
  const been = new Set<number>();
  const pending: State[] = [{ pc: 0, at: 0, groups: {} }];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const place = state.pc * (text.length + 1) + state.at;
    if (been.has(place)) continue;
    been.add(place);
    const step = program[state.pc];
    if (step !== undefined) pending.push(...after(step, state, text));
    else if (state.at === text.length) return state.groups as Readonly<Record<string, string>>;
  }
  return undefined;
}

/** Where an instruction leads, the first choice last. */
function after(step: Instruction, { pc, at, groups }: State, text: string): readonly State[] {
  switch (step.kind) {
    case "one":
      return step.of.test(text[at] ?? "") ? [{ pc: pc + 1, at: at + 1, groups }] : [];
    case "fork":
      return [
        { pc: step.second, at, groups },
        { pc: step.first, at, groups },
      ];
    case "open":
      return [{ pc: pc + 1, at, groups: { ...groups, [step.name]: at } }];
    case "close": {
      const value = text.slice(Number(groups[step.name]), at);
      return [{ pc: pc + 1, at, groups: { ...groups, [step.name]: value } }];
    }
  }
}
