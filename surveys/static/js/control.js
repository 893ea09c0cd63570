/* The control room renews itself while somebody looks. */
import { keepLive } from "./parts/live.js";

const part = document.querySelector("[data-live]");
if (part) keepLive(part, document.querySelector("[data-live-bar]"), document.querySelector("[data-live-said]"));
