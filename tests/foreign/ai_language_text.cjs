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
  const actions = ACTIONS.map((kind) => ({ kind }));
  const poller = await client().beginAnalyzeBatch(actions, [LETTER], "en", POLLING);
  const results = await collect(await poller.pollUntilDone());
  assert.deepEqual(results.map(({ kind }) => kind), ACTIONS);
  for (const { error, results: documents } of results) {
    assert.equal(error, undefined);
    assert.deepEqual(documents.map(({ id, error }) => [id, error]), [["0", undefined]]);
  }
});
