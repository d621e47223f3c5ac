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

  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘ʼ`´]/g, "'");
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+(?:[-'][\p{L}\p{N}]+)*/gu) || [];
  const partOf = (word) => "w-" + [...word].slice(0, 2).map((one) => (/[0-9a-z]/.test(one) ? one : "_")).join("");

  // A posting is the distance from the story before, doubled, and one more if the title has the word.
  function storiesOf(coded) {
    const found = new Map();
    let number = 0;
    for (const step of coded ? coded.split(" ") : []) {
      const value = parseInt(step, 36);
      number += value >> 1;
      found.set(number, value & 1);
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

  async function stemOf(word, index) {
    const part = await known(partOf(word), index);
    if (!part) return undefined;
    return Object.hasOwn(part.stems, word) ? word : Object.hasOwn(part.forms, word) ? part.forms[word] : undefined;
  }

  // The stems that a word of the query stands for: its own, else those of words that it begins, else that of
  // a word it is made from, else those a slip away.
  async function stemsOf(word, index) {
    const own = await stemOf(word, index);
    if (own) return new Map([[own, 1]]);
    const part = (await known(partOf(word), index)) || { forms: {}, stems: {} };
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
  const candidates = (some) => some.flatMap((part) => [...Object.keys(part.stems).map((stem) => [stem, stem]), ...Object.entries(part.forms)]);
  const chosen = (some, worth) => new Map(some.slice(0, CLOSE).map(([, stem]) => [stem, worth]));

  // What each word of the query is worth to each story.
  async function worthOf(word, index) {
    const found = new Map();
    for (const [stem, worth] of await stemsOf(word, index)) {
      const part = await known(partOf(stem), index);
      const stories = part && Object.hasOwn(part.stems, stem) ? storiesOf(part.stems[stem]) : new Map();
      const rarity = Math.log(1 + index.stories / (1 + stories.size));
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
    if (!lists.length) scores = new Map(Array.from({ length: index.stories }, (_, number) => [number, 0]));
    for (const kind of ["topics", "outlets"]) {
      if (!wanted[kind]) continue;
      const filed = storiesOf((await load("facets"))[kind][wanted[kind]] || "");
      scores = new Map([...scores].filter(([number]) => filed.has(number)));
    }
    const [first, end] = numbersBetween(wanted.since, wanted.until, index);
    return [...scores].filter(([number]) => number >= first && number < end)
      .sort((one, other) => other[1] - one[1] || other[0] - one[0]).map(([number]) => number);
  }

  function sum(lists) {
    const total = new Map();
    for (const list of lists) {
      for (const [number, score] of list) total.set(number, (total.get(number) || 0) + score);
    }
    return total;
  }

  function numbersBetween(since, until, index) {
    const from = index.editions.find(([day]) => !since || day >= since);
    const after = index.editions.find(([day]) => until && day > until);
    return [from ? from[1] : index.stories, after ? after[1] : index.stories];
  }

  const dayOf = (number, index) => index.editions.findLast(([, first]) => first <= number)[0];

  // Each story once, as the newest edition found tells it.
  async function results(numbers, index, count) {
    const items = [];
    const seen = new Set();
    for (const number of numbers) {
      if (items.length === count) break;
      const some = await load(`d${Math.floor(number / index.chunk)}`);
      const [story, title, language, outlets] = some[number % index.chunk];
      if (seen.has(story)) continue;
      seen.add(story);
      items.push({ story, title, language, outlets, day: dayOf(number, index) });
    }
    return items;
  }

  function shown(one) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `stories/${one.story}.html#${one.day}`;
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
