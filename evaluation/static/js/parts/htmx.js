/* htmx, with the two failures a person should hear about. */
import htmx from "htmx.org";
import { say } from "./flash.js";

window.htmx = htmx;
const words = document.body.dataset;

document.addEventListener("htmx:sendError", () => say("error", words.offline));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  say("error", status === 401 || status === 403 ? words.signedOut : words.failed);
});
