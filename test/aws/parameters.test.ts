import { describe, expect, test } from "vitest";
import { artifactsIn } from "../../src/aws/artifacts.ts";
import { textIn, writtenIn } from "../../src/aws/parameters.ts";
import { registrationsOf } from "../../src/aws/registrations.ts";
import { requestsOf } from "../../src/aws/requests.ts";
import { statusesOf } from "../../src/aws/statuses.ts";
import { windowsFrom, wrongWindows } from "../../src/aws/windows.ts";
import { noRequests } from "../../src/model/requests.ts";
import { awsError, recorder } from "./recorder.ts";

const quiet = () => {};
const registration = JSON.stringify({
  repository: "myapps",
  branch: "main",
  file: "deploy/trueup.yaml",
  environments: { "*": { accounts: ["123456789012"], prefix: "acme" } },
  ssm: ["/shared/accounts/dev"],
});

describe("registrations", () => {
  test("are found among all that lies under /trueup, on every page", async () => {
    const { call, requests } = recorder({
      "ssm:GetParametersByPath": [
        {
          Parameters: [
            { Name: "/trueup/shop/registration", Value: '{"repository":"s","branch":"main"}' },
            { Name: "/trueup/shop/dev/registration", Value: registration },
          ],
          NextToken: "2",
        },
        { Parameters: [], NextToken: "3" },
        { Parameters: [{ Name: "/trueup/myapps/registration", Value: registration }] },
      ],
    });
    const found = await registrationsOf(call, quiet).list();
    expect(found).toEqual([
      {
        application: "myapps",
        repository: "myapps",
        branch: "main",
        file: "deploy/trueup.yaml",
        environments: { "*": { accounts: ["123456789012"], prefix: "acme" } },
        ssm: ["/shared/accounts/dev"],
      },
      {
        application: "shop",
        repository: "s",
        branch: "main",
        file: "trueup.yaml",
        environments: {},
        ssm: [],
      },
    ]);
    const first = { Path: "/trueup", Recursive: true, MaxResults: 10 };
    expect(requests.map(({ input }) => input)).toEqual([
      first,
      { ...first, NextToken: "2" },
      { ...first, NextToken: "3" },
    ]);
  });

  test("that are broken are skipped and logged, and the others stay", async () => {
    const lines: unknown[] = [];
    const { call } = recorder({
      "ssm:GetParametersByPath": [
        {
          Parameters: [
            { Name: "/trueup/broken/registration", Value: "{" },
            { Name: "/trueup/myapps/registration", Value: registration },
          ],
        },
      ],
    });
    const log = (message: string, fields: object) => lines.push({ message, ...fields });
    const found = await registrationsOf(call, log).list();
    expect(found.map(({ application }) => application)).toEqual(["myapps"]);
    expect(lines).toEqual([
      {
        message: "registration skipped",
        name: "/trueup/broken/registration",
        wrong: "is not JSON",
      },
    ]);
  });
});

describe("a registration", () => {
  test.for([
    ["[]", "is not a JSON object"],
    ['{"branch":"main"}', "has no repository"],
    ['{"repository":"r","branch":""}', "has no branch"],
    ['{"repository":"no such","branch":"main"}', "has a repository that is no name"],
    ['{"repository":"r","branch":"feature/*"}', "has a branch that is no name of one branch"],
    ['{"repository":"r","branch":"b","file":1}', "has a file that is no path"],
    ['{"repository":"r","branch":"b","ssm":"x"}', "no list of parameter names"],
    ['{"repository":"r","branch":"b","repo":"x"}', 'the unknown key "repo"'],
    ['{"repository":"r","branch":"b","environments":[]}', "environments that are no mapping"],
    ['{"repository":"r","branch":"b","environments":{"*":{"roles":"x"}}}', "no list of text"],
    ['{"repository":"r","branch":"b","environments":{"*":{"prefix":1}}}', "prefix that is no text"],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"deny":["root"]}}}',
      'has "root" in deny, which this version does not enforce, in environments.prod',
    ],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"deny":"privileged"}}}',
      "no list of text",
    ],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"quota":1}}}',
      'has "quota", a limit that this version does not enforce, in environments.prod',
    ],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"approval":{}}}}',
      "has an approval whose required is no number from 1 to 20 in environments.prod",
    ],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"approval":{"required":1,"expires":"soon"}}}}',
      "has an approval whose expires is no duration such as 72h in environments.prod",
    ],
    [
      '{"repository":"r","branch":"b","environments":{"prod":{"approvers":"ann"}}}',
      "has a limit that is no list of text in environments.prod",
    ],
    // What no environment is called would be a limit that nobody keeps.
    ['{"repository":"r","branch":"b","environments":{"Prod":{}}}', 'environments."Prod"'],
    ['{"repository":"r","branch":"b","environments":{"prod?":{}}}', 'environments."prod?"'],
    ['{"repository":"r","branch":"b","environments":{"":{}}}', 'environments.""'],
    [
      '{"repository":"r","branch":"b","environments":{"*":{"prefix":"9x"}}}',
      "a prefix that begins",
    ],
    // CodeCommit refuses them whenever it is asked, which would be tried for ever.
    ['{"repository":"r","branch":"a..b"}', "has a branch that is no name of one branch"],
    ['{"repository":"r","branch":"a\\u0000b"}', "has a branch that is no name of one branch"],
    ['{"repository":"r","branch":"/a"}', "has a branch that is no name of one branch"],
  ] as const)("says what is wrong with it: %s", async ([Value, message]) => {
    const Name = "/trueup/myapps/registration";
    const { call } = recorder({ "ssm:GetParameters": [{ Parameters: [{ Name, Value }] }] });
    const read = registrationsOf(call, quiet).read("myapps");
    await expect(read).rejects.toMatchObject({
      reason: "RegistrationInvalid",
      message: expect.stringContaining(message),
    });
  });
});

describe("what a registration says", () => {
  test("that is wrong is told at once", async () => {
    const Name = "/trueup/myapps/registration";
    const Value = JSON.stringify({
      branch: "a b",
      repo: "r",
      environments: {
        prod: { acounts: [], roles: "x", windows: [{}, 1] },
        dev: { approval: {}, prefix: "" },
      },
    });
    const { call } = recorder({ "ssm:GetParameters": [{ Parameters: [{ Name, Value }] }] });
    await expect(registrationsOf(call, quiet).read("myapps")).rejects.toMatchObject({
      message: [
        `${Name} has the unknown key "repo"`,
        "has no repository",
        "has a branch that is no name of one branch",
        'has "acounts", a limit that this version does not enforce, in environments.prod',
        "has a limit that is no list of text in environments.prod",
        "has a window that has not exactly one of allow and deny in environments.prod",
        "has a window that is no mapping in environments.prod",
        "has a prefix that is no text in environments.dev",
        "has an approval whose required is no number from 1 to 20 in environments.dev.",
      ].join("; "),
    });
  });

  test("says the least approval, and who may give it", async () => {
    const Name = "/trueup/myapps/registration";
    const approvers = ["arn:aws:iam::123456789012:role/release"];
    const Value = JSON.stringify({
      repository: "myapps",
      branch: "main",
      environments: {
        prod: { approval: { required: 2, expires: "72h" }, approvers },
        "*": { approval: "manual" },
      },
    });
    const { call } = recorder({ "ssm:GetParameters": [{ Parameters: [{ Name, Value }] }] });
    expect((await registrationsOf(call, quiet).read("myapps"))?.environments).toEqual({
      prod: { approval: { required: 2, expiresSeconds: 259_200 }, approvers },
      "*": { approval: { required: 1, expiresSeconds: undefined } },
    });
  });

  test("that was never written is absent", async () => {
    const { call, requests } = recorder({ "ssm:GetParameters": [{ InvalidParameters: ["x"] }] });
    expect(await registrationsOf(call, quiet).read("myapps")).toBeUndefined();
    expect(requests[0]?.input).toEqual({ Names: ["/trueup/myapps/registration"] });
  });
});

describe("what is asked for at once", () => {
  const answered = ({ Names }: { readonly Names: readonly string[] }) => ({
    Parameters: Names.filter((name) => name !== "/none").map((Name) => ({ Name, Value: Name })),
  });

  const namesIn = (requests: readonly { readonly input: unknown }[]) =>
    requests.map(({ input }) => (input as { readonly Names: readonly string[] }).Names);

  test("is one call: all that a pass starts from", async () => {
    const { call, requests } = recorder({ "ssm:GetParameters": [{}] });
    const read = await Promise.all([
      statusesOf(call, artifactsIn("bucket", call)).readEnvironment("myapps", "dev"),
      requestsOf(call).read("myapps", "dev"),
      registrationsOf(call, quiet).read("myapps"),
    ]);
    expect(read).toEqual([undefined, noRequests, undefined]);
    expect(namesIn(requests).map(({ length }) => length)).toEqual([10]);
  });

  test("is as many calls as it takes, each name in one of them", async () => {
    const names = Array.from({ length: 21 }, (_, at) => `/${at}`);
    const { call, requests } = recorder({ "ssm:GetParameters": [answered, answered, answered] });
    const texts = await Promise.all([...names, "/3", "/none"].map((name) => textIn(name, call)));
    expect(texts).toEqual([...names, "/3", undefined]);
    const asked = namesIn(requests);
    expect(asked.flat()).toEqual([...names, "/none"]);
    expect(asked.map(({ length }) => length)).toEqual([10, 10, 2]);
  });

  test("fails for all who asked, and is asked anew by who asks later", async () => {
    const failed = awsError("ThrottlingException");
    const { call, requests } = recorder({ "ssm:GetParameters": [failed, answered] });
    const both = await Promise.allSettled([textIn("/a", call), writtenIn(["/b"], call)]);
    expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"]);
    expect(await textIn("/a", call)).toBe("/a");
    expect(requests.map(({ input }) => input)).toEqual([
      { Names: ["/a", "/b"] },
      { Names: ["/a"] },
    ]);
  });

  test("is asked by each session for itself", async () => {
    const [one, other] = [1, 2].map(() => recorder({ "ssm:GetParameters": [answered] }));
    await Promise.all([one, other].map((each) => each && textIn("/a", each.call)));
    expect(one?.requests).toHaveLength(1);
    expect(other?.requests).toHaveLength(1);
  });
});

describe("windows of a registration", () => {
  test.for<[object, string | undefined]>([
    [{ deny: "0 18 * * FRI", for: "62h", timezone: "Europe/London" }, undefined],
    [{ deny: "0 0 * * *" }, "has a for that is no duration such as 62h"],
    [{ deny: "0 25 * * *", for: "1h" }, "is none: "],
    [{ allow: "0 0 * * *", deny: "0 0 * * *", for: "1h" }, "has not exactly one of allow and deny"],
    [{ deny: "0 0 * * *", for: "1h", overrun: "no" }, "an overrun that is neither true nor false"],
    [{ deny: "0 0 * * *", until: "1h" }, 'has the unknown key "until"'],
  ])("%o: %s", ([window, wrong]) => {
    const found = wrongWindows([window]);
    if (wrong !== undefined) expect(found).toEqual([expect.stringContaining(wrong)]);
    else expect(windowsFrom([window])).toMatchObject([{ kind: "deny", seconds: 223_200 }]);
  });
});

test("a request that is a SecureString says so, and is not shown", async () => {
  const name = "/trueup/myapps/dev/hold";
  const { call } = recorder({
    "ssm:GetParameters": [{ Parameters: [{ Name: name, Type: "SecureString", Value: "AQICAHh" }] }],
  });
  const { broken, hold } = await requestsOf(call).read("myapps", "dev");
  expect(hold).toBeUndefined();
  expect(broken.hold).toBe("is a SecureString, which is not decrypted: write it as a String");
});

test("a promotion that cannot be read holds, and says so", async () => {
  const { broken, promotion } = await readRequests({ promote: '{"revision":"abc"}' });
  expect(broken).toEqual({ promote: expect.stringContaining("has no revision of 40") });
  expect(promotion).toBeUndefined();
});

test("a promotion is as old as its parameter", async () => {
  const { broken, promotion } = await readRequests({
    promote: JSON.stringify({ revision: "a".repeat(40), reason: "a fix" }),
  });
  const at = "2026-06-01T10:00:00.000Z";
  expect(promotion).toEqual({ revision: "a".repeat(40), reason: "a fix", until: undefined, at });
  expect(broken).toEqual({});
});

const readRequests = async (values: Readonly<Record<string, string>>) => {
  const Parameters = Object.entries(values).map(([leaf, Value]) => ({
    Name: `/trueup/myapps/dev/${leaf}`,
    Value,
    LastModifiedDate: new Date("2026-06-01T10:00:00Z"),
  }));
  const { call, requests } = recorder({ "ssm:GetParameters": [{ Parameters }] });
  const set = await requestsOf(call).read("myapps", "dev");
  expect(requests.map(({ operation }) => operation)).toEqual(["ssm:GetParameters"]);
  return set;
};

describe("requests", () => {
  test("that nobody made are none", async () => {
    expect(await readRequests({})).toEqual(noRequests);
  });

  test.for(['"t-1"', "t-1", " t-1\n"])("to look now carry a token: %j", async (text) => {
    expect(await readRequests({ "requested-at": text })).toMatchObject({
      requestedAt: "t-1",
      broken: {},
    });
  });

  test.for(['{"a":1}', '"t-1', "", "two words"])("with no token are broken: %j", async (text) => {
    const { broken, requestedAt } = await readRequests({ "requested-at": text });
    expect(requestedAt).toBeUndefined();
    expect(broken).toEqual({ "requested-at": expect.stringContaining("is not a token") });
  });

  test("to keep still say why and until when", async () => {
    const text = '{"reason":"holidays","until":"2026-12-31T00:00:00Z"}';
    const { broken, suspended } = await readRequests({ suspended: text });
    expect(suspended).toEqual({ reason: "holidays", until: "2026-12-31T00:00:00Z" });
    expect(broken).toEqual({});
    expect((await readRequests({ suspended: "{}" })).suspended).toEqual({
      reason: "",
      until: undefined,
    });
  });

  test.for([
    ["yes", "is not JSON"],
    ['{"until":"tomorrow"}', "no ISO 8601 time"],
    ['{"until":"2026-02-31T00:00:00Z"}', "no ISO 8601 time"],
    ['{"reason":1}', "a reason that is no text"],
    ['{"because":"x"}', 'the unknown key "because"'],
  ] as const)("to keep still hold even when they cannot be read: %s", async ([text, wrong]) => {
    const { broken, suspended } = await readRequests({ suspended: text });
    expect(broken).toEqual({ suspended: expect.stringContaining(wrong) });
    expect(suspended).toEqual({ reason: expect.stringContaining(wrong), until: undefined });
  });

  test.for([
    [{ skip: [["Web"]] }, "a skip that is no list of logical ids by stack"],
    [{ skip: { stack: "Web" } }, "a skip that is no list of logical ids by stack"],
    [{ skip: { stack: [1] } }, "a skip that is no list of logical ids by stack"],
    [{ skip: { stack: ["Web.Inner"] } }, "a skip that is no list of logical ids by stack"],
    [{ doomed: "d0" }, "a doomed that is no digest of 64 hexadecimal digits"],
    [{ why: "" }, 'the unknown key "why"'],
    [{}, "consents to nothing"],
    [{ skip: { stack: [] }, reason: "why not" }, "consents to nothing"],
  ] as const)("to consent are %j: %s", async ([consent, wrong]) => {
    const { broken } = await readRequests({ consent: JSON.stringify(consent) });
    expect(broken).toEqual({ consent: expect.stringContaining(wrong) });
  });

  test("to hold a revision name it whole", async () => {
    const revision = "0123456789".repeat(4);
    const asked = await readRequests({ hold: JSON.stringify({ revision, reason: "better" }) });
    expect(asked.hold).toEqual({ revision, reason: "better", until: undefined });
    expect(asked.broken).toEqual({});
    const { broken, hold } = await readRequests({ hold: '{"revision":"main"}' });
    expect(hold).toBeUndefined();
    expect(broken).toEqual({ hold: "has no revision of 40 hexadecimal digits" });
  });

  test("are written as JSON", async () => {
    const { call, requests } = recorder({ "ssm:PutParameter": [{}] });
    await requestsOf(call).ask("myapps", "dev", "t-1");
    expect(requests[0]?.input).toEqual({
      Name: "/trueup/myapps/dev/requested-at",
      Value: '"t-1"',
      Type: "String",
      Overwrite: true,
    });
  });
});

describe("votes", () => {
  test.for(["approval", "rejection"])("to vote name the plan whole: %s", async (leaf) => {
    const given = { digest: "0f".repeat(32), reason: "as agreed" };
    expect(await readRequests({ [leaf]: JSON.stringify(given) })).toMatchObject({
      voted: true,
      broken: {},
    });
    const { broken } = await readRequests({ [leaf]: '{"digest":"0f0f0f0f"}' });
    expect(broken).toEqual({ [leaf]: "has no digest of 64 hexadecimal digits" });
  });

  test("to vote are read with who wrote each version, on all pages", async () => {
    const version = (digest: string, user: string, day: number) => ({
      Value: JSON.stringify({ digest: digest.repeat(64), reason: "" }),
      LastModifiedUser: user,
      LastModifiedDate: new Date(Date.UTC(2026, 0, day)),
    });
    const { call, requests } = recorder({
      "ssm:GetParameterHistory": [
        { Parameters: [version("a", "ann", 1), { Value: "yes" }], NextToken: "more" },
        awsError("ParameterNotFound"),
        { Parameters: [version("b", "bob", 2)] },
      ],
    });
    expect(await requestsOf(call).votes("myapps", "dev")).toEqual([
      {
        digest: "a".repeat(64),
        reason: "",
        verdict: "approved",
        user: "ann",
        at: "2026-01-01T00:00:00.000Z",
      },
      {
        digest: "b".repeat(64),
        reason: "",
        verdict: "approved",
        user: "bob",
        at: "2026-01-02T00:00:00.000Z",
      },
    ]);
    expect(requests.map(({ input }) => (input as { Name: string }).Name)).toEqual([
      "/trueup/myapps/dev/approval",
      "/trueup/myapps/dev/rejection",
      "/trueup/myapps/dev/approval",
    ]);
  });
});
