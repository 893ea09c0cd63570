/* Every page's script. Pages work without it; it keeps one's place and saves round trips. */
import { confirmations } from "./parts/confirm.js";
import { drafts } from "./parts/drafts.js";
import { dismissals } from "./parts/flash.js";
import { fills } from "./parts/fill.js";
import { filters } from "./parts/filter.js";
import { menus } from "./parts/menus.js";
import { places } from "./parts/place.js";
import { printing } from "./parts/print.js";
import { sizes } from "./parts/sizes.js";
import { sorting } from "./parts/sort.js";
import { submissions } from "./parts/submit.js";

confirmations();
dismissals();
drafts();
fills();
menus();
places();
printing();
sizes();
submissions();
sorting(document);
filters(document);
