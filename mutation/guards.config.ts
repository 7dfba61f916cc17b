import { guards, settingsFor } from "./settings.ts";

export default settingsFor("guards", guards, 100);
