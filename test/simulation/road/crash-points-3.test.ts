import { crashPointTests } from "./crash-point-tests.ts";

crashPointTests((index) => index % 4 === 2);
