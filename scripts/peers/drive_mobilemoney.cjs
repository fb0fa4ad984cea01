// Drives mobilemoney.js; only its address is changed.
"use strict";

const { Client } = require("mobilemoney.js");
const { Route } = require("mobilemoney.js/lib/request/route");
const { step } = require("./steps.cjs");

const { MOMO_BASE_URL: baseUrl, MOMO_SUBSCRIPTION_KEY: key } = process.env;
Route.getBase = () => baseUrl;

async function main() {
  const client = new Client();
  client.isSandbox();
  const user = client.getReferenceId();
  await step("createApiUser", () => client.createApiUser(user, key, "localhost"));
  await step("getApiUser", () => client.getApiUser(user, key));
  const [, made] = await step("createApiKey", () => client.createApiKey(user, key));
  const collection = client.collection(key);
  const secret = typeof made === "string" ? JSON.parse(made).apiKey : made.apiKey;
  const [, token] = await step("createAccessToken", () => collection.createAccessToken(client.basicToken(user, secret)));
  const bearer = client.bearerToken((typeof token === "string" ? JSON.parse(token) : token).access_token);
  const body = {
    amount: "5",
    currency: "EUR",
    externalId: "1",
    payer: { partyIdType: "MSISDN", partyId: "87937389" },
    payerMessage: "BUY THING",
    payeeNote: "THANKS",
  };
  const withdrawn = client.getReferenceId();
  await step("getAccountBalance", () => collection.getAccountBalance(bearer, "sandbox"));
  await step("getAccountBalanceIn", () => collection.getAccountBalanceIn("EUR", bearer, "sandbox"));
  await step("getBasicUserInfo", () => collection.getBasicUserInfo("87937389", bearer, "sandbox"));
  await step("requestToPay", () => collection.requestToPay(bearer, client.getReferenceId(), "sandbox", body));
  await step("withdraw", () => collection.withdraw(bearer, withdrawn, "sandbox", body));
  await step("getWithdrawStatus", () => collection.getWithdrawStatus(bearer, withdrawn, "sandbox"));
  await step("isActive", () => collection.isActive("87937389", "msisdn", bearer, "sandbox"));
  await step("askUserInfo", () => collection.askUserInfo(bearer, "sandbox"));
}

main();
