import { schedules } from "./schedules.ts";

schedules(2500, 2500);
