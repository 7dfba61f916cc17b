import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { httpGet } from "../../src/aws/http-get.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("what is not public is not asked", () => {
  test.for([
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "http://localhost/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00:ec2::254]/",
    "ftp://example.com/",
    "file:///etc/passwd",
  ])("%s", async (url) => {
    await expect(httpGet({ url })).rejects.toMatchObject({ name: "NotPublicError" });
  });
});

describe("what a page answers", () => {
  test("is its status and its body", async () => {
    const via = await served((_, response) => response.writeHead(418).end("tea"));
    expect(await httpGet({ url: "http://lb.example/health" }, via)).toEqual({
      status: 418,
      body: "tea",
    });
  });

  test("is asked for under another name where one is given, and without credentials", async () => {
    const asked: unknown[] = [];
    const via = await served(({ headers, url }, response) => {
      asked.push([url, headers.host, Object.keys(headers).sort()]);
      response.end();
    });
    await httpGet({ url: "https://lb.example/x?y=1", host: "shop.example.com" }, via);
    const headers = ["connection", "host", "user-agent"];
    expect(asked).toEqual([["https://lb.example/x?y=1", "shop.example.com", headers]]);
  });

  test("is followed on the same host, and no further", async () => {
    const via = await served(({ url = "" }, response) => {
      const location = url.endsWith("/a") ? "/b" : "http://169.254.169.254/";
      response.writeHead(302, { location }).end("moved");
    });
    expect(await httpGet({ url: "http://lb.example/a" }, via)).toEqual({ status: 302, body: "" });
  });

  test("is not followed in circles", async () => {
    const via = await served((_, response) => response.writeHead(301, { location: "/" }).end("o"));
    expect(await httpGet({ url: "http://lb.example/" }, via)).toMatchObject({ status: 301 });
  });

  test("is read no further than 64 KiB", async () => {
    const via = await served((_, response) => response.end("x".repeat(1_000_000)));
    expect((await httpGet({ url: "http://lb.example/" }, via)).body).toHaveLength(65_536);
  });
});
