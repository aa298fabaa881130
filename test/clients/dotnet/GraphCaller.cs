// Microsoft.Graph 5 or 6 with its own handlers, the one that repeats included.
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Users.Item.Messages.Item;
using Microsoft.Graph.Users.Item.Messages.Item.CreateForward;
using Microsoft.Graph.Users.Item.Messages.Item.CreateReply;
using Microsoft.Graph.Users.Item.Messages.Item.CreateReplyAll;
using Microsoft.Graph.Users.Item.Messages.Item.Forward;
using Microsoft.Graph.Users.Item.Messages.Item.Reply;
using Microsoft.Graph.Users.Item.Messages.Item.ReplyAll;
using Microsoft.Graph.Users.Item.SendMail;
using Microsoft.Kiota.Abstractions.Authentication;

sealed class GraphCaller(string url) : ICaller
{
    readonly GraphServiceClient graph = new(new AnonymousAuthenticationProvider(), $"{url}/v1.0");

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
        MessageItemRequestBuilder item = user.Messages[call.Item];
        return call.Operation switch
        {
            "sendMail" => user.SendMail.PostAsync(new SendMailPostRequestBody { Message = Message, SaveToSentItems = true }),
            "messages" => user.Messages.PostAsync(Message),
            "reply" => item.Reply.PostAsync(new ReplyPostRequestBody { Comment = "Thanks" }),
            "replyAll" => item.ReplyAll.PostAsync(new ReplyAllPostRequestBody { Comment = "Thanks" }),
            "forward" => item.Forward.PostAsync(new ForwardPostRequestBody { Comment = "Look", ToRecipients = To }),
            "createReply" => item.CreateReply.PostAsync(new CreateReplyPostRequestBody { Comment = "Thanks" }),
            "createReplyAll" => item.CreateReplyAll.PostAsync(new CreateReplyAllPostRequestBody { Comment = "Thanks" }),
            "createForward" => item.CreateForward.PostAsync(new CreateForwardPostRequestBody { Comment = "Look", ToRecipients = To }),
            "send" => item.Send.PostAsync(),
            _ => throw new ArgumentException(call.Operation),
        };
    }
}
