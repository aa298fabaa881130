// Drives the Service Bus emulator with Microsoft's client for .NET; prints what it saw as JSON.
using System.Collections.Concurrent;
using System.Text.Json;
using System.Transactions;
using Azure.Messaging.ServiceBus;

var options = new ServiceBusClientOptions
{
    RetryOptions = new ServiceBusRetryOptions { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(20), TryTimeout = TimeSpan.FromSeconds(10) },
};
await using var client = new ServiceBusClient(args[0], options);
await using var sender = client.CreateSender("plain");
await using var receiver = client.CreateReceiver("plain");
var later = DateTimeOffset.UtcNow.AddHours(1);
var seen = new Dictionary<string, object?>();

async Task<ServiceBusReceivedMessage> Receive(ServiceBusReceiver from) => await from.ReceiveMessageAsync() ?? throw new TimeoutException("no message came");

async Task<string> Failure(Func<Task> action)
{
    try
    {
        await action();
        return "none";
    }
    catch (ServiceBusException exception)
    {
        return exception.Reason.ToString();
    }
    catch (NotSupportedException exception)
    {
        return $"NotSupportedException: {exception.Message}";
    }
}

// Send, peek, renew, abandon, complete.
using (var batch = await sender.CreateMessageBatchAsync())
{
    foreach (var body in new[] { "one", "two" })
        if (!batch.TryAddMessage(new ServiceBusMessage(body) { MessageId = body, ApplicationProperties = { ["n"] = 3 } })) throw new InvalidOperationException();
    await sender.SendMessagesAsync(batch);
}
seen["peeked"] = (await receiver.PeekMessagesAsync(10)).Select(message => message.Body.ToString());
var one = await Receive(receiver);
await receiver.RenewMessageLockAsync(one);
await receiver.AbandonMessageAsync(one, new Dictionary<string, object> { ["n"] = 4 });
var again = await Receive(receiver);
seen["abandoned"] = new object[] { again.MessageId, again.DeliveryCount, again.ApplicationProperties["n"] };
await receiver.CompleteMessageAsync(again);

// Defer, and settle by sequence number.
var two = await Receive(receiver);
await receiver.DeferMessageAsync(two);
var deferred = await receiver.ReceiveDeferredMessageAsync(two.SequenceNumber);
seen["deferred"] = new[] { deferred.Body.ToString(), deferred.State.ToString() };
await receiver.CompleteMessageAsync(deferred);

// Dead-letter.
await sender.SendMessageAsync(new ServiceBusMessage("three"));
await receiver.DeadLetterMessageAsync(await Receive(receiver), "no use", "the reason in words");
await using (var graveyard = client.CreateReceiver("plain", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter, ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete }))
{
    var dead = await Receive(graveyard);
    seen["dead"] = new[] { dead.Body.ToString(), dead.DeadLetterReason, dead.DeadLetterErrorDescription };
}

// Schedule, and cancel one of two.
var numbers = await sender.ScheduleMessagesAsync([new("four"), new("five")], later);
await sender.CancelScheduledMessageAsync(numbers[0]);
var scheduled = (await receiver.PeekMessagesAsync(10, fromSequenceNumber: 0)).Single();
seen["scheduled"] = new[] { scheduled.Body.ToString(), scheduled.State.ToString() };
await sender.CancelScheduledMessageAsync(numbers[1]);

// A transaction is refused in words, and the client goes on.
seen["transaction"] = await Failure(async () =>
{
    using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
    await sender.SendMessageAsync(new ServiceBusMessage("in a transaction"));
    scope.Complete();
});
await sender.SendMessageAsync(new ServiceBusMessage("after it"));
var after = await Receive(receiver);
seen["after the transaction"] = after.Body.ToString();
await receiver.CompleteMessageAsync(after);
seen["unknown queue"] = await Failure(() => client.CreateSender("unknown").SendMessageAsync(new ServiceBusMessage("x")));

// A named session with its state.
await using var sessions = client.CreateSender("sessions");
await sessions.SendMessageAsync(new ServiceBusMessage("0") { SessionId = "named" });
await using (var named = await client.AcceptSessionAsync("sessions", "named"))
{
    await named.SetSessionStateAsync(new BinaryData("state"));
    await named.RenewSessionLockAsync();
    await named.CompleteMessageAsync(await Receive(named));
    seen["session"] = new object[] { (await named.GetSessionStateAsync()).ToString(), await Failure(() => client.AcceptSessionAsync("sessions", "named")) };
}

// A session processor: all messages, in order within each session.
var handled = new ConcurrentQueue<(string Session, string Body)>();
var done = new TaskCompletionSource();
await using var processor = client.CreateSessionProcessor("sessions", new ServiceBusSessionProcessorOptions
{
    MaxConcurrentSessions = 3,
    SessionIdleTimeout = TimeSpan.FromMilliseconds(200),
});
processor.ProcessMessageAsync += async message =>
{
    await message.RenewSessionLockAsync();
    handled.Enqueue((message.SessionId, message.Message.Body.ToString()));
    await message.CompleteMessageAsync(message.Message);
    if (handled.Count == 6) done.TrySetResult();
};
processor.ProcessErrorAsync += error =>
{
    done.TrySetException(error.Exception);
    return Task.CompletedTask;
};
await sessions.SendMessagesAsync(Enumerable.Range(0, 6).Select(n => new ServiceBusMessage($"{n}") { SessionId = $"{n % 3}" }));
await processor.StartProcessingAsync();
await done.Task.WaitAsync(TimeSpan.FromSeconds(15));
await processor.StopProcessingAsync();
seen["processed"] = handled.GroupBy(one => one.Session).OrderBy(group => group.Key).Select(group => string.Join(' ', group.Select(one => one.Body)));

Console.WriteLine(JsonSerializer.Serialize(seen));
