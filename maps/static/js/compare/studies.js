// What is asked of the schemes beyond comparing them: a script that comes when the first of it is wanted.
export { askFutures, progressView } from "./futures.js";
export { futuresTold } from "./views/futures_told.js";
