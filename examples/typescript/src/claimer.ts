// A small partner app: it listens to the postings that are addressed to its partner, claims those that need a
// competency, and remembers in a file how far it has come, so that it misses nothing while it is away.
//
// It speaks graphql-transport-ws over one WebSocket: the subscription and the claims. See docs/events.md for what is
// promised.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createClient, type Client, type FormattedExecutionResult } from "graphql-ws";
import WebSocket from "ws";

const { values: options } = parseArgs({
  options: {
    server: { type: "string", default: "http://127.0.0.1:8080" }, // its URL
    token: { type: "string", default: process.env["VALUEWEB_TOKEN"] ?? "" }, // or an API key with READ, CLAIM and SUBSCRIBE
    as: { type: "string", default: "" }, // the viewer, such as PARTNER:acme, of a server that is open for development
    competency: { type: "string", default: "" }, // what a posting must need to be claimed; any
    state: { type: "string", default: "claimer.cursor" }, // the file that remembers the last message
  },
});

const postings = `subscription Postings($filter: OpportunityFilter, $after: String) {
  opportunities(filter: $filter, after: $after) {
    cursor type
    opportunity { id title version lead { id } }
  }
}`;

const claim = `mutation Claim($opportunity: ID!) {
  claimOpportunity(input: { opportunity: $opportunity }) { opportunity { id title } seq }
}`;

type Posting = {
  opportunities: { cursor: string; type: string; opportunity: { id: string; title: string; lead: { id: string } | null } | null };
};
type Failure = { message: string; extensions?: { code?: string; oldest?: string } };

// A failure that another attempt would meet again.
class Fatal extends Error {}

// The codes of what may go well in a moment.
const passing = ["UNAVAILABLE", "TIMEOUT", "INTERNAL"];
// The close codes with which the server says that another attempt is of no use: a token that does not count, or no
// more (4401), a viewer that is none (4403), and what is a fault of this program.
const final = [4400, 4401, 4403, 4406, 4409, 4429];

// remember writes a cursor so that the file holds the old one or the new one, never a part of it.
function remember(cursor: string): void {
  writeFileSync(options.state + ".new", cursor, { mode: 0o600 });
  renameSync(options.state + ".new", options.state);
}

function remembered(): string | undefined {
  try {
    return readFileSync(options.state, "utf8") || undefined;
  } catch {
    return undefined; // from now on
  }
}

// connect makes a client that does not come back by itself: it would ask for what came after the cursor that it began
// with, and this program knows a later one.
function connect(): Client {
  return createClient({
    url: options.server.replace(/^http/, "ws") + "/graphql",
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    connectionParams: () => (options.token ? { authorization: `Bearer ${options.token}` } : options.as ? { "x-valueweb-as": options.as } : {}),
  });
}

function failuresOf(result: FormattedExecutionResult<unknown, unknown>): Failure[] {
  return (result.errors ?? []) as Failure[];
}

// take deals with a message: it claims what nobody has claimed. Heartbeats hold no opportunity.
async function take(client: Client, { opportunities: told }: Posting): Promise<void> {
  const posting = told.opportunity;
  if (told.type !== "opportunity.posted" || !posting || posting.lead) return;
  for await (const result of client.iterate({ query: claim, variables: { opportunity: posting.id } })) {
    const failure = failuresOf(result)[0];
    const code = failure?.extensions?.code ?? "";
    if (!failure) console.log(`claimed ${posting.id}: ${posting.title}`);
    else if (passing.includes(code)) throw new Error(failure.message); // resume, and be told of it again
    else console.log(`not claimed ${posting.id}: ${code} ${failure.message}`); // others were faster, or we were, before
  }
}

// listen opens the stream after the last message that was dealt with, and deals with what follows, until it breaks off.
async function listen(heard: () => void): Promise<void> {
  const client = connect();
  try {
    const variables = { filter: options.competency ? { competency: options.competency } : null, after: remembered() };
    const messages = client.iterate<Posting>({ query: postings, variables });
    console.log("listening");
    for await (const message of messages) {
      const failure = failuresOf(message)[0];
      if (failure || !message.data) throw failure ?? new Error("an empty message");
      await take(client, message.data);
      // Only what was dealt with is behind us. A program that dies before this line is told once more.
      remember(message.data.opportunities.cursor);
      heard();
    }
  } finally {
    await client.dispose();
  }
}

// why reads what a stream ended with: a close of the WebSocket, or the errors of the subscription.
function why(error: unknown): string {
  if (Array.isArray(error)) {
    const { message, extensions } = error[0] as Failure;
    if (extensions?.code === "CURSOR_EXPIRED" && extensions.oldest) {
      remember(extensions.oldest);
      return `away for too long, some messages are lost: ${message}`;
    }
    if (!passing.includes(extensions?.code ?? "")) throw new Fatal(`${extensions?.code}: ${message}`);
    return message;
  }
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "number") {
    const reason = `${error.code} ${"reason" in error ? error.reason : ""}`;
    if (final.includes(error.code)) throw new Fatal(reason);
    return reason;
  }
  return error instanceof Error ? error.message : String(error);
}

// It comes back whenever the stream breaks: soon at first, then more and more rarely, each time a little differently,
// so that not all clients come back at the same moment.
const shortest = 250;
const longest = 30_000;
let pause = shortest;
for (;;) {
  let ended = "the server said that it is complete";
  try {
    await listen(() => (pause = shortest));
  } catch (error) {
    try {
      ended = why(error);
    } catch (fatal) {
      console.error((fatal as Error).message);
      process.exit(1);
    }
  }
  console.log(`the stream broke off: ${ended}; resuming`);
  await new Promise((resolve) => setTimeout(resolve, pause / 2 + Math.random() * pause));
  pause = Math.min(2 * pause, longest);
}
