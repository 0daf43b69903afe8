// What a page of the archive has that is none of its own, and where the next page of its list is.
() => {
  const words = (text) => new Set(text.trim().split(/\s+/));
  const ELEMENTS = words(`a abbr article aside b bdi body br button caption cite code datalist dd del details div dl dt em
    fieldset figcaption figure footer form g h1 h2 h3 h4 head header html img input ins kbd label legend li line link main
    mark meta nav ol option p path pre q rect s script section select span strong summary svg symbol table tbody td text
    textarea th thead time title tr u ul use i small sub sup blockquote hr tfoot`);
  const ATTRIBUTES = words(`as async autocapitalize autocomplete charset checked class cols colspan content crossorigin d
    datetime defer dir disabled download dx dy enctype fill focusable for formtarget height hidden hreflang id lang list
    maxlength media method min multiple name novalidate open placeholder preserveAspectRatio property rel required reversed
    role rowspan rows scope selected size start stroke-dasharray tabindex title type value viewBox webkitdirectory width x
    x1 x2 xmlns y y1 y2 alt`);
  // What leads or asks somewhere stands on these alone; the second list asks this site and no other.
  const LEADING = { "a href": 1, "link href": 2, "script src": 2, "img src": 2, "form action": 2, "input formaction": 2,
    "button formaction": 2, "use xlink:href": 2 };
  // In the text of an article there is what the cleaner leaves, and marks.
  const IN_A_TEXT = words(`a abbr b blockquote br caption cite code dd div dl dt em figcaption figure h2 h3 h4 hr i li mark ol p
    pre q s small span strong sub sup table tbody td tfoot th thead time tr u ul`);
  const FRAME = /^a (header (nav |section )?div footer( button)?|div#container svg( div#(calendar|clock)box\d)*)$/;
  const SCHEMES = words("http: https: mailto:");
  const foreign = [];

  function look(element) {
    if (!ELEMENTS.has(element.localName)) foreign.push(`element ${element.outerHTML.slice(0, 200)}`);
    for (const attribute of element.attributes) check(element, attribute);
  }

  function check(element, { name, value }) {
    const leads = LEADING[`${element.localName} ${name}`];
    if (leads) return follow(element, name, value, leads);
    // The scripts of the desk hide and show.
    const moved = name === "style" && element.closest("#container, [id^=calendarbox], [id^=clockbox]");
    if (!ATTRIBUTES.has(name) && !/^(aria|data)-/.test(name) && !moved)
      foreign.push(`attribute ${name} of ${element.outerHTML.slice(0, 200)}`);
  }

  function follow(element, name, value, leads) {
    const address = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI) : null;
    const outside = leads === 2 && address?.origin !== location.origin;
    if (address && (!SCHEMES.has(address.protocol) || outside)) foreign.push(`${name} of ${element.outerHTML.slice(0, 200)}`);
  }

  document.querySelectorAll("*").forEach(look);
  for (const element of document.querySelectorAll(".story .text *, .read *")) {
    if (!IN_A_TEXT.has(element.localName)) foreign.push(`in a text: ${element.outerHTML.slice(0, 200)}`);
    if (element.hasAttribute("name")) foreign.push(`name in a text: ${element.outerHTML.slice(0, 200)}`);
  }
  const frame = [...document.body.children].map((part) => part.localName + (part.id ? `#${part.id}` : "")).join(" ");
  if (!FRAME.test(frame)) foreign.push(`frame: ${frame}`);
  return { foreign, next: document.querySelector("a[rel=next]")?.getAttribute("href") };
}
