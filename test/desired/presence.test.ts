import { expect, test } from "vitest";
import { knownStacks } from "../../src/desired/presence.ts";
import { stackName } from "../../src/link/stack-name.ts";
import { emptyRecord, type RecordedStack } from "../../src/model/record.ts";

const whose = { application: "myapps", environment: "dev" };
const nameOf = (unit: string, environment = "dev") =>
  stackName("trueup", "myapps", environment, unit);
const tagged = [{ unit: "s-tagged", name: nameOf("s-tagged") }];
const copy = { unit: "s-tagged", name: "copy-of-s-tagged" };

const known = (names: Readonly<Record<string, string>>) => {
  const stacks = Object.entries(names).map(([unit, name]): [string, RecordedStack] => [
    unit,
    { name, changeSet: undefined, wrote: undefined, recoveries: 0 },
  ]);
  const record = { ...emptyRecord, stacks: Object.fromEntries(stacks) };
  return knownStacks(record, whose, { inventory: async () => [...tagged, copy] });
};

test("stacks are known from the record, whatever their tags say", async () => {
  const names = { base: nameOf("base"), "s-web": nameOf("s-web") };
  expect(await known(names)).toEqual([
    { unit: "base", name: names.base },
    { unit: "s-web", name: names["s-web"] },
  ]);
});

test("a record names no stack of others, nor one for another", async () => {
  const names = { base: nameOf("base"), "s-web": "innocent", "s-api": nameOf("s-web") };
  expect(await known(names)).toEqual([{ unit: "base", name: names.base }]);
  expect(await known({ base: nameOf("base", "prod") })).toEqual(tagged);
});

test("where the record knows of none, tags tell of those that can be its own", async () => {
  expect(await known({})).toEqual(tagged);
});
