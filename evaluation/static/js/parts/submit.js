/* One press, one request: a posted form is not posted again while the answer is on its way. */
const AGAIN_AFTER_MS = 4000; // an answer that is a download leaves this page standing

export function submissions() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    const release = () => {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
    };
    setTimeout(release, AGAIN_AFTER_MS);
    window.addEventListener("pageshow", release, { once: true });
  });
}
