import { expect, test } from "vitest";
import { everyItem } from "../../src/aws/answers.ts";

const listOf = (pages: number) => async (token: string | undefined) => {
  const at = Number(token ?? 0);
  return { items: [at], next: at + 1 < pages ? String(at + 1) : undefined };
};

test("a list of as many pages as ten thousand environments have parameters is read whole", async () => {
  const found = await everyItem(listOf(1500));
  expect(found).toHaveLength(1500);
  expect(found.at(-1)).toBe(1499);
});

test("a list without end is a fault", async () => {
  const endless = everyItem(listOf(Number.POSITIVE_INFINITY));
  await expect(endless).rejects.toThrow("A list had more than 10000 pages.");
});
