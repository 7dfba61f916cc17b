import { readJson, writeJson } from "./json.ts";
import type { Protocol } from "./protocol.ts";
import { isRecord } from "./protocol.ts";
import { queried, type Routes, refuseInJson, routed } from "./rest-json.ts";

const routes: Routes = {
  "POST /2015-03-31/functions/{FunctionName}/invocations": {
    operation: "Invoke",
    query: { Qualifier: "Qualifier" },
  },
  "GET /2015-03-31/functions/{FunctionName}/configuration": {
    operation: "GetFunctionConfiguration",
    query: { Qualifier: "Qualifier" },
  },
  "GET /2015-03-31/functions/{FunctionName}": {
    operation: "GetFunction",
    query: { Qualifier: "Qualifier" },
  },
  "POST /2015-03-31/functions": { operation: "CreateFunction" },
  "GET /2015-03-31/event-source-mappings": {
    operation: "ListEventSourceMappings",
    query: { EventSourceArn: "EventSourceArn", FunctionName: "FunctionName" },
  },
  "PUT /2015-03-31/event-source-mappings/{UUID}": { operation: "UpdateEventSourceMapping" },
  "GET /2019-09-25/functions/{FunctionName}/event-invoke-config": {
    operation: "GetFunctionEventInvokeConfig",
    query: { Qualifier: "Qualifier" },
  },
  "GET /2015-03-31/functions": {
    operation: "ListFunctions",
    query: { Marker: "Marker", MaxItems: "MaxItems" },
  },
};

/** Lambda's restJson: the payload of an invocation is the body itself, the rest is headers. */
export const lambda: Protocol = {
  decode: (request) => {
    const { input, route } = routed(routes, request);
    const named = { ...input, ...queried(request, route) };
    if (route.operation !== "Invoke") {
      return { operation: route.operation, input: { ...readJson(request.body, {}), ...named } };
    }
    return {
      operation: route.operation,
      input: { ...named, ...fromHeaders(request.headers), Payload: new Uint8Array(request.body) },
    };
  },

  encode: ({ operation }, output) => {
    if (operation !== "Invoke" || !isRecord(output)) {
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        body: writeJson(output ?? {}),
      };
    }
    const { Payload, StatusCode } = output;
    const headers = Object.entries(answerHeaders).flatMap(([member, header]) =>
      typeof output[member] === "string" ? [[header, output[member]] as const] : [],
    );
    return {
      status: typeof StatusCode === "number" ? StatusCode : 200,
      headers: { "content-type": "application/json", ...Object.fromEntries(headers) },
      body: Payload instanceof Uint8Array || typeof Payload === "string" ? Payload : "",
    };
  },

  refuse: refuseInJson,
};

const callHeaders: Readonly<Record<string, string>> = {
  ClientContext: "x-amz-client-context",
  InvocationType: "x-amz-invocation-type",
  LogType: "x-amz-log-type",
};

const answerHeaders: Readonly<Record<string, string>> = {
  ExecutedVersion: "x-amz-executed-version",
  FunctionError: "x-amz-function-error",
  LogResult: "x-amz-log-result",
};

const fromHeaders = (headers: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(callHeaders)
      .map(([member, header]) => [member, headers[header]] as const)
      .filter(([, value]) => value !== undefined),
  );
