import { schedules } from "./schedules.ts";

schedules(7500, 2500);
