// The lines with which a caller sends its first mail.

export const snippet = (url: string, mailbox: string, scope: string | undefined): string[] => [
  ...(scope === undefined
    ? []
    : [
        `TOKEN=$(az account get-access-token --scope ${scope} --query accessToken --output tsv)   # an application: client credentials, same scope`,
      ]),
  `curl -i ${url}/v1.0/users/${mailbox}/sendMail \\`,
  ...(scope === undefined ? [] : ['  -H "Authorization: Bearer $TOKEN" \\']),
  `  -H 'Content-Type: application/json' -H 'Idempotency-Key: "invoice-4711"' \\`,
  `  -d '{"message":{"subject":"Invoice 4711","body":{"contentType":"Text","content":"Hello"},"toRecipients":[{"emailAddress":{"address":"${mailbox}"}}]}}'`,
];
