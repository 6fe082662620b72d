// Microsoft's client for JavaScript against the emulator: every operation that it has.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { AzureKeyCredential, TextAnalysisClient } = require("@azure/ai-language-text");

const LETTER =
  "Dear Ms Smith, the rooms of the Grand Hotel in Paris were beautiful but the breakfast was awful. " +
  "Please write to maria@example.com or call +1 425 555 0123 before 3 May 2026. " +
  "The staff of the hotel answered every question.";
const ACTIONS = [
  "SentimentAnalysis",
  "EntityRecognition",
  "PiiEntityRecognition",
  "KeyPhraseExtraction",
  "EntityLinking",
  "Healthcare",
  "ExtractiveSummarization",
  "AbstractiveSummarization",
];
const CUSTOM_ACTIONS = [
  { kind: "CustomEntityRecognition", projectName: "support-entities", deploymentName: "production" },
  { kind: "CustomSingleLabelClassification", projectName: "support-topic", deploymentName: "production" },
  { kind: "CustomMultiLabelClassification", projectName: "support-concerns", deploymentName: "production" },
];
const AT_ONCE = [
  "SentimentAnalysis",
  "EntityRecognition",
  "PiiEntityRecognition",
  "KeyPhraseExtraction",
  "EntityLinking",
  "LanguageDetection",
];
const VERSIONS = ["2022-05-01", "2023-04-01"];
const POLLING = { updateIntervalInMs: 20 };

function client(serviceVersion = "2023-04-01") {
  const options = { allowInsecureConnection: true, serviceVersion };
  return new TextAnalysisClient(process.env.ENDPOINT, new AzureKeyCredential("any"), options);
}

async function collect(results) {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
}

test("all kinds come back from one batch", async () => {
  const actions = [...ACTIONS.map((kind) => ({ kind })), ...CUSTOM_ACTIONS];
  const poller = await client().beginAnalyzeBatch(actions, [LETTER], "en", POLLING);
  const results = await collect(await poller.pollUntilDone());
  assert.deepEqual(results.map(({ kind }) => kind), actions.map(({ kind }) => kind));
  for (const { error, results: documents } of results) {
    assert.equal(error, undefined);
    assert.deepEqual(documents.map(({ id, error }) => [id, error]), [["0", undefined]]);
  }
});

test("the poller tells the job", async () => {
  const poller = await client().beginAnalyzeBatch([{ kind: "KeyPhraseExtraction" }], [LETTER], "en", {
    ...POLLING,
    displayName: "mine",
  });
  await poller.pollUntilDone();
  const state = poller.getOperationState();
  assert.equal(state.status, "succeeded");
  assert.equal(state.displayName, "mine");
  assert.equal(state.actionSucceededCount, 1);
  assert.equal(state.expiresOn - state.createdOn, 24 * 60 * 60 * 1000);
});

test("a batch of twenty-five documents comes in two pages with statistics", async () => {
  const texts = Array.from({ length: 25 }, (_, index) => `Text ${index}`);
  const options = { ...POLLING, includeStatistics: true };
  const actions = [{ kind: "KeyPhraseExtraction" }];
  const poller = await client().beginAnalyzeBatch(actions, texts, "en", options);
  const pages = await collect(await poller.pollUntilDone());
  assert.deepEqual(pages.map(({ results }) => results.length), [20, 5]);
  assert.equal(pages[1].statistics.documentCount, 5);
  assert.equal(pages[1].results[0].statistics.characterCount, "Text 20".length);
});

test("another process takes up a batch by its serialized state", async () => {
  const poller = await client().beginAnalyzeBatch([{ kind: "EntityRecognition" }], [LETTER], "en", POLLING);
  const restored = await client().restoreAnalyzeBatchPoller(poller.toString(), POLLING);
  const [{ results }] = await collect(await restored.pollUntilDone());
  assert.ok(results[0].entities.some(({ text }) => text === "Paris"));
});

test("a batch is cancelled", async () => {
  const poller = await client().beginAnalyzeBatch([{ kind: "KeyPhraseExtraction" }], [LETTER], "en", POLLING);
  await poller.sendCancellationRequest();
  await assert.rejects(poller.pollUntilDone(), /cancel/i);
});

for (const version of VERSIONS) {
  for (const kind of AT_ONCE) {
    test(`${kind} answers at once in ${version}`, async () => {
      const options = { includeStatistics: true };
      const documents = [LETTER, ""];
      const [found, empty] = await client(version).analyze(kind, documents, undefined, {
        ...options,
        onResponse: (response) => assert.equal(response.status, 200),
      });
      assert.equal(found.error, undefined);
      assert.equal(found.statistics.characterCount, LETTER.length);
      assert.equal(empty.error.code, "InvalidDocument");
    });
  }
}

test("offsets are of JavaScript's strings", async () => {
  const text = `\u{1F600} ${LETTER}`;
  const options = { stringIndexType: "Utf16CodeUnit" };
  const [{ entities }] = await client().analyze("EntityRecognition", [text], "en", options);
  for (const { text: name, offset, length } of entities) {
    assert.equal(text.slice(offset, offset + length), name);
  }
});

test("opinions are found where they are asked for", async () => {
  const options = { includeOpinionMining: true };
  const [{ sentences }] = await client().analyze("SentimentAnalysis", [LETTER], "en", options);
  const targets = sentences.flatMap(({ opinions }) => opinions.map(({ target }) => target.text));
  assert.ok(targets.includes("breakfast"));
});

test("personal data are limited to categories", async () => {
  const options = { categoriesFilter: ["Email"] };
  const [{ entities, redactedText }] = await client().analyze("PiiEntityRecognition", [LETTER], "en", options);
  assert.deepEqual(entities.map(({ text }) => text), ["maria@example.com"]);
  assert.ok(!redactedText.includes("maria@example.com"));
});

test("refusals carry the service's codes", async () => {
  const texts = Array.from({ length: 11 }, () => LETTER);
  await assert.rejects(client().analyze("KeyPhraseExtraction", texts, "en"), { code: "InvalidDocumentBatch" });
});
