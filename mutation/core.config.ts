import { guards, settingsFor } from "./settings.ts";

const others = guards.map((path) => `!${path}`);

export default settingsFor("core", ["src/{plan,promote}/**/*.ts", ...others], 90);
