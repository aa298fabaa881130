// Microsoft.Graph 4, whose methods have other names: it repeats with Retry-Attempt alone.
using Microsoft.Graph;

sealed class GraphCaller(string url) : ICaller
{
    readonly GraphServiceClient graph = new($"{url}/v1.0", new DelegateAuthenticationProvider(_ => Task.CompletedTask));

    static List<Recipient> To => [new() { EmailAddress = new() { Address = "other@example.com" } }];

    static Message Message => new()
    {
        Subject = "From the client",
        Body = new() { ContentType = BodyType.Text, Content = "x" },
        ToRecipients = To,
    };

    public Task Make(Call call)
    {
        var user = graph.Users[call.Mailbox];
        var item = user.Messages[call.Item];
        return call.Operation switch
        {
            "sendMail" => user.SendMail(Message, true).Request().PostAsync(),
            "messages" => user.Messages.Request().AddAsync(Message),
            "reply" => item.Reply(Comment: "Thanks").Request().PostAsync(),
            "replyAll" => item.ReplyAll(Comment: "Thanks").Request().PostAsync(),
            "forward" => item.Forward(To, Comment: "Look").Request().PostAsync(),
            "createReply" => item.CreateReply(Comment: "Thanks").Request().PostAsync(),
            "createReplyAll" => item.CreateReplyAll(Comment: "Thanks").Request().PostAsync(),
            "createForward" => item.CreateForward(To, Comment: "Look").Request().PostAsync(),
            "send" => item.Send().Request().PostAsync(),
            _ => throw new ArgumentException(call.Operation),
        };
    }
}
