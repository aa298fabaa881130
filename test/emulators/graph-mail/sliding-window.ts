// What was used in the last so many milliseconds: a number of uses, and an amount.

interface Use {
  readonly at: number;
  readonly amount: number;
}

export class SlidingWindow {
  private uses: Use[] = [];
  private head = 0;
  amount = 0;

  get count(): number {
    return this.uses.length - this.head;
  }

  /** Times must not go back. */
  add(use: Use): void {
    this.uses.push(use);
    this.amount += use.amount;
  }

  dropBefore(time: number): void {
    for (let first = this.uses[this.head]; first !== undefined && first.at < time; first = this.uses[this.head]) {
      this.amount -= first.amount;
      this.head++;
    }
    if (this.head > 1000) {
      this.uses = this.uses.slice(this.head);
      this.head = 0;
    }
  }
}
