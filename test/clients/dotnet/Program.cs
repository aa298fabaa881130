// Reads one call per line of standard input as JSON, makes it with the client that it names, and writes one line per call that has ended.
using System.Text.Json;

var clients = new Dictionary<string, ICaller>
{
    ["graph"] = new GraphCaller(args[0]),
    ["resilience"] = new HttpCaller(args[0], HttpCaller.Kind.AsItComes),
    ["resilience-with-key"] = new HttpCaller(args[0], HttpCaller.Kind.WithKey),
    ["resilience-without-post"] = new HttpCaller(args[0], HttpCaller.Kind.NoRepeatOfPost),
};

var running = new List<Task>();
while (Console.In.ReadLine() is { } line)
{
    var call = JsonSerializer.Deserialize<Call>(line, JsonSerializerOptions.Web)!;
    running.Add(Answer(call));
}
await Task.WhenAll(running);

async Task Answer(Call call)
{
    string? error = null;
    try
    {
        await clients[call.Client].Make(call);
    }
    catch (Exception exception)
    {
        error = $"{exception.GetType().Name}: {exception.Message}";
    }
    lock (clients) Console.WriteLine(JsonSerializer.Serialize(new { call.Number, Error = error }, JsonSerializerOptions.Web));
}

/// <summary>One call. <c>Item</c> is the message that it answers, or the draft that it sends.</summary>
record Call(int Number, string Client, string Operation, string Mailbox, string Item);

interface ICaller
{
    Task Make(Call call);
}
