import { schedules } from "./schedules.ts";

schedules(5000, 2500);
