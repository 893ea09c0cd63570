/* One screen per top-level group, for forms that ask for it (settings: style = pages). */
import { button, make, t } from "./engine_host.js";

export class Pages {
  constructor(host, check) {
    this.host = host;
    this.check = check;
    this.form = host.form.view.html;
    this.active = this.form.classList.contains("in-pages");
    if (!this.active) return;
    this.group();
    this.bar = make("progress", "page-bar");
    this.said = make("p", "page-said");
    this.top = make("div", "page-top", this.said, this.bar);
    this.back = button("", () => this.go(-1));
    this.next = button("button-primary", () => this.forward());
    this.nav = make("nav", "page-nav", this.back, this.next);
    this.form.before(this.top);
    this.form.after(this.nav);
    this.current = this.shown()[0];
    host.drawn(this.form, () => this.draw());
    this.form.addEventListener("dataupdate", () => queueMicrotask(() => this.draw()));
  }

  /* Questions outside groups that follow each other share a page. */
  group() {
    let run = null;
    for (const child of [...this.form.children]) {
      if (child.matches("section.or-group, section.or-group-data")) {
        child.classList.add("page");
        run = null;
      } else if (child.matches(".question, .or-repeat, .or-repeat-info")) {
        if (!run) {
          run = make("div", "page");
          child.before(run);
        }
        run.append(child);
      }
    }
  }

  /** Pages with something to answer or to read at the moment. */
  shown() {
    return [...this.form.querySelectorAll(":scope > .page")].filter(
      (page) => !page.matches(".disabled") && [...page.querySelectorAll(".question:not(.or-visit), .or-repeat-info")].some((each) => !each.closest(".disabled")),
    );
  }

  draw() {
    const pages = this.shown();
    if (!pages.includes(this.current)) this.current = pages.find((page) => this.current && page.compareDocumentPosition(this.current) & Node.DOCUMENT_POSITION_PRECEDING) ?? pages[0];
    const place = pages.indexOf(this.current);
    for (const page of this.form.querySelectorAll(":scope > .page")) page.classList.toggle("page-current", page === this.current);
    this.said.textContent = t("page.progress", { page: place + 1, pages: pages.length });
    Object.assign(this.bar, { max: pages.length, value: place + 1 });
    this.bar.setAttribute("aria-label", this.said.textContent);
    this.back.textContent = t("page.back");
    this.back.hidden = place <= 0;
    this.next.textContent = t(this.warned === this.current ? "page.anyway" : "page.next");
    this.next.hidden = place >= pages.length - 1;
  }

  /** Next: the first press shows what is missing on this page, the second goes on all the same. */
  async forward() {
    const faults = this.warned === this.current ? [] : await this.check(this.current);
    if (faults.length) {
      this.warned = this.current;
      return this.draw();
    }
    return this.go(1);
  }

  go(by) {
    const pages = this.shown();
    this.to(pages[pages.indexOf(this.current) + by]);
  }

  to(page) {
    if (!page) return;
    this.current = page;
    this.warned = null;
    this.draw();
    const heading = page.querySelector("h2, h3") ?? page;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    this.top.scrollIntoView({ block: "start" });
  }

  /** Turn to the page that holds an element. */
  reveal(element) {
    const page = this.active && element.closest(".page");
    if (page && page !== this.current) this.to(page);
  }
}
