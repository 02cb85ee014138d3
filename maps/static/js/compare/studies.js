// What is asked of the schemes beyond comparing them: a script that comes when the first of it is wanted.
export { askFutures } from "./futures.js";
export { askCurve } from "./curve.js";
export { curveTold } from "./views/curve_told.js";
export { futuresTold } from "./views/futures_told.js";
export { progressView } from "./views/progress.js";
