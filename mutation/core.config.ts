import { guards, reports, settingsFor } from "./settings.ts";

const others = [...guards, ...reports].map((path) => `!${path}`);

export default settingsFor(
  "core",
  ["src/model/phases.ts", "src/{plan,promote}/**/*.ts", ...others],
  90,
);
