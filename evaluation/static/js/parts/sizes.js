/* A file larger than the server takes is told when it is chosen, not after it was sent. */
const MEGABYTE = 1024 * 1024;

export function sizes() {
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    const { uploadMegabytes, tooLarge } = document.body.dataset;
    const size = [...target.files].reduce((sum, file) => sum + file.size, 0);
    target.setCustomValidity(size > uploadMegabytes * MEGABYTE ? tooLarge : "");
    target.reportValidity();
  });
}
