/* Search in all editions, in the reader's browser. What it needs is loaded when it is needed, as
   scripts, for a page that was opened as a file may load nothing else (briefing/render/search.py). */
"use strict";
(() => {
  const SHOWN = 20; // results at a time
  const CLOSE = 20; // words that may stand for one that is not known
  const parts = new Map();
  const loading = new Map();
  window.briefing = (name, value) => parts.set(name, value);

  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((done) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = () => done(parts.get(name));
        script.onerror = () => done(undefined);
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  // As `fold` and `words` of briefing/text/terms.py do, by which the index is made.
  const DIACRITICS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0951-\u0954\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\ufe20-\ufe2f]/g;
  const LETTERS = { "đ": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ß": "ss", "ς": "σ" };
  const UNSPACED = /([\u0e00-\u0e4e\u0e80-\u0ece\u1000-\u1049\u1780-\u17d3\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[đøłıħßς]/g, (one) => LETTERS[one])
    .replace(/[’‘ʼʻʹʾʿ`´′＇]/g, "'").replace(/[‐‑‒−]/g, "-").replace(DIACRITICS, "").normalize("NFC");
  const pairs = (run) => ([...run].length < 2 ? [run] : [...run].slice(1).map((one, at) => [...run][at] + one));
  const pieces = (word) => word.split(UNSPACED).flatMap((run) => (UNSPACED.test(run) ? pairs(run) : run.replace(/^[-']+|[-']+$/g, "") || []));
  const wordsOf = (text) => (fold(text).match(/[\p{L}\p{N}\p{M}]+(?:[-'][\p{L}\p{N}\p{M}]+)*/gu) || []).flatMap(pieces);
  const partOf = (word) => "w-" + [...word].slice(0, 2).map((one) => (/[0-9a-z]/.test(one) ? one : "_")).join("");

  // A story is known by its year's place and its number there, in one number that sorts by time.
  const YEAR = 2 ** 22;

  // Postings have the newest story first: its number, then distances, doubled, and one more if the title has the word.
  function storiesOf(coded, year, found = new Map()) {
    let number;
    for (const step of coded ? coded.split(" ") : []) {
      const value = parseInt(step, 36);
      number = number === undefined ? value >> 1 : number - (value >> 1);
      found.set(year * YEAR + number, value & 1);
    }
    return found;
  }

  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let row = Array.from({ length: other.length + 1 }, (_, at) => at);
    let above = row;
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          next[j] = Math.min(next[j], above[j - 2] + 1);
        }
      }
      above = row;
      row = next;
      if (Math.min(...row) > most) return most + 1;
    }
    return row[other.length];
  }

  // What is left of a word without its affixes, the longest first; itself included.
  function rootsOf(word, affixes) {
    if (!affixes) return [word];
    const shorten = (some, strip) => {
      const found = new Set(some);
      for (let layer = 0; layer < 3; layer++) {
        for (const one of [...found]) for (const rest of strip(one)) if (rest.length > 2) found.add(rest);
      }
      return found;
    };
    const bare = shorten([word], (one) => affixes.suffixes.filter((end) => one.endsWith(end)).map((end) => one.slice(0, -end.length)));
    const all = shorten(bare, (one) => [
      ...affixes.prefixes.filter((start) => one.startsWith(start)).map((start) => one.slice(start.length)),
      ...Object.entries(affixes.hiding).filter(([start]) => one.startsWith(start) && /^[aeiou]/.test(one.slice(start.length)))
        .map(([start, hidden]) => hidden + one.slice(start.length)),
    ]);
    return [...all].sort((one, other) => other.length - one.length);
  }

  // Each year's editions and parts of words, the oldest year first; loaded when something is asked.
  const yearsOf = (index) => Promise.all(index.years.map((year) => load(`${year}/index`)));

  // All stories of a part of each year that has it, under a key.
  async function postings(name, key, index) {
    const found = new Map();
    const years = await yearsOf(index);
    await Promise.all(years.map(async (year, place) => {
      if (!year.parts.includes(name)) return;
      const part = key(await load(`${index.years[place]}/${name}`));
      storiesOf(part, place, found);
    }));
    return found;
  }
  const own = (some, key) => (some && Object.hasOwn(some, key) ? some[key] : "");

  async function stemOf(word, index) {
    const part = await known(partOf(word), index);
    return part && Object.hasOwn(part, word) ? part[word] || word : undefined;
  }

  // The stems that a word of the query stands for: its own, else those of words that it begins, else that of
  // a word it is made from, else those a slip away.
  async function stemsOf(word, index) {
    const own = await stemOf(word, index);
    if (own) return new Map([[own, 1]]);
    const part = (await known(partOf(word), index)) || {};
    const begun = candidates([part]).filter(([form]) => word.length > 2 && form.startsWith(word));
    if (begun.length) return chosen(begun, 0.8);
    for (const root of rootsOf(word, index.affixes)) {
      const stem = await stemOf(root, index);
      if (stem) return new Map([[stem, 0.9]]);
    }
    const most = word.length > 7 ? 2 : word.length > 3 ? 1 : 0;
    if (!most) return new Map();
    const near = index.parts.filter((name) => name[2] === partOf(word)[2]);
    const all = candidates(await Promise.all(near.map(load)));
    for (let slips = 1; slips <= most; slips++) {
      const close = all.filter(([form]) => distance(word, form, slips) === slips);
      if (close.length) return chosen(close, 0.5);
    }
    return new Map();
  }

  const known = (name, index) => (index.parts.includes(name) ? load(name) : undefined);
  const candidates = (some) => some.flatMap((part) => Object.entries(part).map(([form, stem]) => [form, stem || form]));
  const chosen = (some, worth) => new Map([...new Set(some.map(([, stem]) => stem))].slice(0, CLOSE).map((stem) => [stem, worth]));

  // What each word of the query is worth to each story.
  async function worthOf(word, index) {
    const found = new Map();
    const all = (await yearsOf(index)).reduce((sum, year) => sum + countOf(year), 0);
    for (const [stem, worth] of await stemsOf(word, index)) {
      const stories = await postings(partOf(stem), (part) => own(part, stem), index);
      const rarity = Math.log(1 + all / (1 + stories.size));
      for (const [number, titled] of stories) {
        const score = worth * rarity * (titled ? 3 : 1);
        found.set(number, Math.max(found.get(number) || 0, score));
      }
    }
    return found;
  }

  async function search(query, wanted, index) {
    const lists = await Promise.all(wordsOf(query).map((word) => worthOf(word, index)));
    let scores = sum(lists);
    const whole = new Map([...scores].filter(([number]) => lists.every((list) => list.has(number))));
    if (whole.size) scores = whole;
    const years = await yearsOf(index);
    if (!lists.length) {
      years.forEach((year, place) => { for (let number = 0; number < countOf(year); number++) scores.set(place * YEAR + number, 0); });
    }
    for (const kind of ["topics", "outlets"]) {
      if (!wanted[kind]) continue;
      const filed = await postings("facets", (part) => own(part[kind], wanted[kind]), index);
      scores = new Map([...scores].filter(([number]) => filed.has(number)));
    }
    const within = spans(years).filter(({ day }) => (!wanted.since || day >= wanted.since) && (!wanted.until || day <= wanted.until));
    const there = (number) => { const one = spanOf(number, within); return one && number < one.end; };
    return [...scores].filter(([number]) => there(number))
      .sort((one, other) => other[1] - one[1] || other[0] - one[0]).map(([number]) => number);
  }

  // Each edition with its day and the numbers of its stories, in the order of time.
  function spans(years) {
    return years.flatMap((year, place) => {
      let first = place * YEAR;
      return year.editions.map(([edition, count]) => {
        const span = { edition, day: edition.match(/(\d{4}-\d\d-\d\d)(-\d\dB?\d\d)?$/)[1], first, end: first + count };
        first += count;
        return span;
      });
    });
  }

  // The last that begins at or before a number.
  function spanOf(number, some) {
    let low = 0;
    let high = some.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (some[middle].first <= number) low = middle + 1;
      else high = middle;
    }
    return some[low - 1];
  }

  const countOf = (year) => year.editions.reduce((sum, [, count]) => sum + count, 0);

  function sum(lists) {
    const total = new Map();
    for (const list of lists) {
      for (const [number, score] of list) total.set(number, (total.get(number) || 0) + score);
    }
    return total;
  }

  // Each story once, as the newest edition found tells it.
  async function results(numbers, index, count) {
    const items = [];
    const seen = new Set();
    const all = numbers.length ? spans(await yearsOf(index)) : [];
    for (const number of numbers) {
      if (items.length === count) break;
      const { edition, day, first } = spanOf(number, all);
      const [story, title, language, outlets] = (await load(`editions/${edition}`))[number - first];
      if (seen.has(story)) continue;
      seen.add(story);
      items.push({ story, title, language, outlets, edition, day });
    }
    return items;
  }

  function shown(one) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `stories/${one.story}.html#${one.edition}`;
    link.textContent = one.title || one.story;
    link.dir = "auto";
    if (one.language && one.language !== "und") link.lang = one.language;
    const note = document.createElement("span");
    note.className = "outlets";
    note.textContent = `${new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(one.day))} · ${one.outlets}`;
    item.append(link, note);
    return item;
  }

  const form = document.forms[0];
  const list = document.getElementById("results");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  let room = SHOWN;
  let turn = 0;

  function options(select, some) {
    for (const [slug, title] of some) select.append(new Option(title, slug));
  }

  async function show() {
    const mine = ++turn;
    list.setAttribute("aria-busy", "true");
    const index = await load("index");
    const wanted = Object.fromEntries(new FormData(form));
    const asked = Object.values(wanted).some(Boolean);
    const numbers = asked ? await search(wanted.q, wanted, index) : [];
    const items = await results(numbers, index, room + 1);
    if (mine !== turn) return; // the reader has typed on
    list.setAttribute("aria-busy", "false");
    list.replaceChildren(...items.slice(0, room).map(shown));
    more.hidden = items.length <= room;
    count.textContent = asked ? (items.length ? count.dataset.found.replace("#", String(Math.min(items.length, room))) + (items.length > room ? "+" : "") : count.dataset.none) : "";
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    try { history.replaceState(null, "", `?${query}`); } catch { /* not from a file */ }
  }

  async function begin() {
    const index = await load("index");
    options(form.elements.topics, index.topics);
    options(form.elements.outlets, index.outlets);
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    form.hidden = false;
    await show();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); room = SHOWN; show(); });
  form.addEventListener("input", () => { room = SHOWN; show(); });
  more.addEventListener("click", () => { room += SHOWN; show(); });
  begin();
})();
