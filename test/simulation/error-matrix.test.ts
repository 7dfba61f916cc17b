import { expect, test } from "vitest";
import { errorCases, wrongsInCase } from "./error-matrix.ts";

const cases = await errorCases();

test.for(cases)(
  "$operation $place answers $error once ($when its effect): it ends the same",
  async (one) => {
    expect(await wrongsInCase(one)).toEqual([]);
  },
);

test("every operation that changes something is among them", () => {
  const operations = new Set(cases.map(({ operation }) => operation));
  expect([...operations]).toEqual(
    expect.arrayContaining([
      "cloudformation:CancelUpdateStack",
      "cloudformation:ContinueUpdateRollback",
      "cloudformation:CreateChangeSet",
      "cloudformation:DeleteChangeSet",
      "cloudformation:DeleteStack",
      "cloudformation:ExecuteChangeSet",
      "codecommit:CreateCommit",
      "s3:PutObject",
      "scheduler:CreateSchedule",
      "sqs:SendMessageBatch",
      "ssm:PutParameter",
    ]),
  );
});
