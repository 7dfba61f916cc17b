import type { Artifacts } from "../ports/ports.ts";
import { isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";

/** JSON documents in the installation's bucket, each written once. */
export const artifactsIn = (bucket: string, call: Call): Artifacts => ({
  async read(path) {
    const got = call("s3:GetObject", { Bucket: bucket, Key: path });
    return (await unless(got, (error) => isNamed(error, "NoSuchKey")))?.text;
  },

  async put(path, text) {
    const put = call("s3:PutObject", {
      Bucket: bucket,
      Key: path,
      Body: text,
      ContentType: "application/json",
      IfNoneMatch: "*",
    });
    await unless(put, (error) => isNamed(error, "PreconditionFailed"));
  },
});
