// HttpClient with Polly's standard resilience handler: it repeats a POST, and marks no repeat.
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

sealed class HttpCaller : ICaller
{
    internal enum Kind { AsItComes, WithKey, NoRepeatOfPost }

    readonly HttpClient http;

    public HttpCaller(string url, Kind kind)
    {
        var services = new ServiceCollection();
        var builder = services.AddHttpClient("mail", client => client.BaseAddress = new Uri(url));
        // Before the resilience handler: it runs once per call, and not once per attempt.
        if (kind == Kind.WithKey) builder.AddHttpMessageHandler(() => new IdempotencyKeyHandler());
        builder.AddStandardResilienceHandler(options =>
        {
            if (kind == Kind.NoRepeatOfPost) options.Retry.DisableForUnsafeHttpMethods();
        });
        http = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("mail");
    }

    public async Task Make(Call call)
    {
        var mail = new
        {
            message = new
            {
                subject = "From the client",
                body = new { contentType = "Text", content = "x" },
                toRecipients = new[] { new { emailAddress = new { address = "other@example.com" } } },
            },
        };
        var answer = await http.PostAsJsonAsync($"/v1.0/users/{call.Mailbox}/{call.Operation}", mail);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>Names each POST by a key of its own. All attempts of one call share it.</summary>
sealed class IdempotencyKeyHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.Method == HttpMethod.Post && !request.Headers.Contains("Idempotency-Key"))
            request.Headers.Add("Idempotency-Key", $"\"{Guid.NewGuid()}\"");
        return base.SendAsync(request, cancellation);
    }
}
