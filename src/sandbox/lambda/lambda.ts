import { byKey, pageOf, takes } from "../inputs.ts";
import { AwsError, type Context, notEmulated, type Service } from "../world.ts";
import { asyncDefaults, enqueue, type LambdaFunction, type Mapping, workOf } from "./work.ts";

/**
 * Lambda as far as it is state: which functions there are, what waits for them. Running them is the
 * driver's, since a synchronous state machine cannot wait for code.
 */
export const lambda: Service = {
  name: "lambda",
  operations: {
    GetFunction: takes<One>(["FunctionName", "Qualifier"], (input, context) => {
      const found = functionOf(input, context);
      return {
        Configuration: configuration(found),
        Code: { RepositoryType: "S3", Location: `https://awslambda-${context.region}-tasks/` },
      };
    }),
    GetFunctionConfiguration: takes<One>(["FunctionName", "Qualifier"], (input, context) =>
      configuration(functionOf(input, context)),
    ),
    ListFunctions: takes<Paging>(["Marker", "MaxItems"], listFunctions),
    ListEventSourceMappings: takes<ListMappings>(
      ["EventSourceArn", "FunctionName"],
      listEventSourceMappings,
    ),
    UpdateEventSourceMapping: takes<UpdateMapping>(["Enabled", "UUID"], updateEventSourceMapping),
    GetFunctionEventInvokeConfig: takes<One>(["FunctionName", "Qualifier"], eventInvokeConfig),
    CreateFunction: takes<CreateFunctionInput>(
      ["Code", "Environment", "FunctionName", "Handler", "Role", "Runtime"],
      createFunction,
    ),
    Invoke: takes<InvokeInput>(["FunctionName", "InvocationType", "Payload", "Qualifier"], invoke),
  },
  tasks: {
    Retry: ({ id }: { readonly id: string }, { world }) => {
      const invocation = workOf(world).invocations.find((candidate) => candidate.id === id);
      if (invocation !== undefined) invocation.state = "ready";
    },
  },
};

/** The function that a name, a partial ARN or an ARN stands for. */
export function functionOf({ FunctionName, Qualifier }: One, context: Context): LambdaFunction {
  const { account, region, world } = context;
  const [, , , , , , own] = FunctionName.split(":");
  const name = own ?? FunctionName.split(":").at(-1) ?? "";
  const arn = FunctionName.startsWith("arn:")
    ? FunctionName.split(":").slice(0, 7).join(":")
    : `arn:aws:lambda:${region}:${account}:function:${name}`;
  const found = workOf(world).functions[arn];
  if (found === undefined || (Qualifier !== undefined && Qualifier !== "$LATEST")) {
    const wanted = Qualifier === undefined ? arn : `${arn}:${Qualifier}`;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${wanted}`, 404);
  }
  return found;
}

/** What an invocation is given, as JSON; empty is nothing at all. */
export function payloadOf(payload: Uint8Array | string | undefined): unknown {
  const text = Buffer.from(payload ?? "").toString();
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${error instanceof Error ? error.message : error}`,
    );
  }
}

interface One {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

interface UpdateMapping {
  readonly UUID: string;
  readonly Enabled?: boolean;
}

interface Paging {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

interface ListMappings {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
}

interface InvokeInput extends One {
  readonly InvocationType?: string;
  readonly Payload?: Uint8Array | string;
}

function invoke(input: InvokeInput, context: Context): unknown {
  const found = functionOf(input, context);
  switch (input.InvocationType) {
    case "DryRun":
      return { StatusCode: 204 };
    case "Event":
      enqueue(found.arn, payloadOf(input.Payload), context.world);
      return { StatusCode: 202 };
    default:
      return spoken(found) ?? refuse();
  }
}

const refuse = (): never => {
  throw notEmulated("a synchronous invocation where no function is run");
};

/**
 * What a function answers that somebody made here: its code is never run, so it says what stands in
 * `SANDBOX_ANSWER` of its environment. Undefined: it is one of the installation's, which are run.
 */
export const spoken = ({ environment: { SANDBOX_ANSWER: answer } }: LambdaFunction) =>
  answer === undefined
    ? undefined
    : { StatusCode: 200, ExecutedVersion: "$LATEST", Payload: new TextEncoder().encode(answer) };

interface CreateFunctionInput {
  readonly FunctionName: string;
  readonly Role: string;
  readonly Code?: unknown;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Handler?: string;
  readonly Runtime?: string;
}

function createFunction(input: CreateFunctionInput, context: Context): unknown {
  const { Environment, FunctionName: name, Handler = "", Role: role, Runtime = "" } = input;
  const { account, region, world } = context;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const { functions } = workOf(world);
  if (functions[arn] !== undefined) {
    throw new AwsError("ResourceConflictException", `Function already exist: ${name}`, 409);
  }
  const environment = { SANDBOX_ANSWER: "null", ...Environment?.Variables };
  const made: LambdaFunction = {
    name,
    arn,
    description: "",
    handler: Handler,
    runtime: Runtime,
    role,
    memory: 128,
    timeout: 3,
    environment,
    async: asyncDefaults,
    modified: world.now,
  };
  functions[arn] = made;
  return configuration(made);
}

function listFunctions({ Marker, MaxItems = 50 }: Paging, context: Context): unknown {
  const { account, region, world } = context;
  const prefix = `arn:aws:lambda:${region}:${account}:function:`;
  const own = Object.values(workOf(world).functions)
    .filter(({ arn }) => arn.startsWith(prefix))
    .sort(byKey(({ name }) => name));
  const page = pageOf(own, ({ name }) => name, { size: Math.min(MaxItems, 50), token: Marker });
  if (page === undefined) {
    throw new AwsError("InvalidParameterValueException", "Could not parse the marker.");
  }
  return {
    Functions: page.items.map(configuration),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
}

function listEventSourceMappings(
  { EventSourceArn, FunctionName }: ListMappings,
  context: Context,
): unknown {
  const wanted = FunctionName === undefined ? undefined : functionOf({ FunctionName }, context).arn;
  const own = `:${context.region}:${context.account}:`;
  return {
    EventSourceMappings: Object.values(workOf(context.world).mappings)
      .filter((mapping) => mapping.function.includes(own))
      .filter((mapping) => wanted === undefined || mapping.function === wanted)
      .filter(({ queue }) => EventSourceArn === undefined || queue === EventSourceArn)
      .map(shownMapping),
  };
}

function updateEventSourceMapping({ Enabled, UUID }: UpdateMapping, { world }: Context): unknown {
  const { mappings } = workOf(world);
  const before = mappings[UUID];
  if (before === undefined)
    throw new AwsError(
      "ResourceNotFoundException",
      "The resource you requested does not exist.",
      404,
    );
  const disabled = Enabled === undefined ? before.disabled === true : !Enabled;
  const after = { ...before, disabled };
  mappings[UUID] = after;
  return shownMapping(after);
}

function eventInvokeConfig(input: One, context: Context): unknown {
  const { arn, async, modified } = functionOf(input, context);
  if (JSON.stringify(async) === JSON.stringify(asyncDefaults))
    throw new AwsError(
      "ResourceNotFoundException",
      `The function ${arn} doesn't have an EventInvokeConfig`,
      404,
    );
  return {
    LastModified: modified / 1000,
    FunctionArn: `${arn}:$LATEST`,
    MaximumRetryAttempts: async.retries,
    MaximumEventAgeInSeconds: async.maximumAgeSeconds,
    DestinationConfig: {
      OnSuccess: {},
      OnFailure: async.onFailure === undefined ? {} : { Destination: async.onFailure },
    },
  };
}

const shownMapping = (mapping: Mapping) => ({
  UUID: mapping.id,
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: 0,
  EventSourceArn: mapping.queue,
  FunctionArn: mapping.function,
  State: mapping.disabled === true ? "Disabled" : "Enabled",
  StateTransitionReason: "USER_INITIATED",
  FunctionResponseTypes: mapping.reportsItemFailures ? ["ReportBatchItemFailures"] : [],
  ...(mapping.maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
});

const configuration = (found: LambdaFunction) => ({
  FunctionName: found.name,
  FunctionArn: found.arn,
  Runtime: found.runtime,
  Role: found.role,
  Handler: found.handler,
  CodeSize: 0,
  Description: found.description,
  Timeout: found.timeout,
  MemorySize: found.memory,
  LastModified: new Date(found.modified).toISOString().replace("Z", "+0000"),
  CodeSha256: "",
  Version: "$LATEST",
  ...(Object.keys(found.environment).length === 0
    ? {}
    : { Environment: { Variables: found.environment } }),
  TracingConfig: { Mode: "PassThrough" },
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
});
