// Completions below every search box: real things of the archive with their counts, by keyboard or mouse. Each is an
// address that the server gave; without scripts the form does all that it does with them.
(() => {
  const PAUSE = 120;
  const words = document.currentScript.dataset;

  class Completions {
    constructor(form, box, number) {
      Object.assign(this, { form, box, found: [], at: -1, asked: null, timer: 0 });
      this.list = document.createElement("ul");
      this.list.id = `completions-${number}`;
      this.list.className = "completions";
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", words.list);
      this.told = document.createElement("p");
      this.told.className = "hidden";
      this.told.setAttribute("role", "status");
      form.append(this.list, this.told);
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-controls", this.list.id);
      box.setAttribute("aria-expanded", "false");
      box.addEventListener("input", () => this.later());
      box.addEventListener("keydown", (event) => this.key(event));
      box.addEventListener("blur", () => this.close());
      form.addEventListener("submit", () => this.close());
      window.addEventListener("pagehide", () => this.close());
      // The box keeps the keyboard while the mouse chooses.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.go([...this.list.children].indexOf(option));
      });
    }

    later() {
      this.forget();
      if (this.box.value.trim()) this.timer = setTimeout(() => this.ask(), PAUSE);
      else this.close();
    }

    forget() {
      clearTimeout(this.timer);
      this.asked?.abort();
      this.asked = null;
    }

    async ask() {
      const asked = (this.asked = new AbortController());
      const address = new URL("complete.json", new URL(this.form.action));
      address.search = new URLSearchParams(new FormData(this.form));
      try {
        const answer = await fetch(address, { signal: asked.signal });
        const found = answer.ok ? await answer.json() : [];
        if (asked === this.asked && document.activeElement === this.box) this.show(found);
      } catch {
        // The network is away, or more was typed meanwhile: what stood here is out of date.
        if (asked === this.asked) this.close();
      }
    }

    show(found) {
      this.found = found;
      this.at = -1;
      this.list.replaceChildren(...found.map((completion, number) => this.option(completion, number)));
      this.list.hidden = !found.length;
      this.box.setAttribute("aria-expanded", String(found.length > 0));
      this.box.removeAttribute("aria-activedescendant");
      const counted = `${found.length} ${found.length === 1 ? words.one : words.some}`;
      this.told.textContent = found.length ? counted : words.none;
    }

    option(completion, number) {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const count = completion.kind === "title" ? "" : completion.count.toLocaleString(document.documentElement.lang);
      for (const [name, text] of [["words", completion.words], ["kind", completion.kind_words], ["count", count]]) {
        if (!text) continue;
        const part = document.createElement("span");
        part.className = name;
        part.append(document.createElement("bdi"));
        part.firstChild.textContent = text;
        option.append(part, " ");
      }
      return option;
    }

    close() {
      this.forget();
      this.found = [];
      this.at = -1;
      this.list.hidden = true;
      this.list.replaceChildren();
      this.told.textContent = "";
      this.box.setAttribute("aria-expanded", "false");
      this.box.removeAttribute("aria-activedescendant");
    }

    // From the box down through the list and back to the box.
    move(step) {
      const places = this.found.length + 1;
      this.at = ((this.at + 1 + step + places) % places) - 1;
      [...this.list.children].forEach((option, number) => {
        option.setAttribute("aria-selected", String(number === this.at));
      });
      const chosen = this.list.children[this.at];
      if (chosen) {
        this.box.setAttribute("aria-activedescendant", chosen.id);
        chosen.scrollIntoView({ block: "nearest" });
      } else this.box.removeAttribute("aria-activedescendant");
    }

    key(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const open = this.found.length > 0;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
        else if (this.box.value.trim()) this.forget(), this.ask();
        else return;
        event.preventDefault();
      } else if (event.key === "Enter" && this.at >= 0) {
        event.preventDefault();
        this.go(this.at);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        this.close();
      }
    }

    go(number) {
      const { url } = this.found[number];
      this.close();
      location.assign(url);
    }
  }

  document.querySelectorAll("form.search").forEach((form, number) => {
    const box = form.querySelector("input[name=q]");
    if (box) new Completions(form, box, number);
  });
})();
