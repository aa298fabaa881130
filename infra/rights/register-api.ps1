#Requires -Version 7.2
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.0.0' }

<#
.SYNOPSIS
    Registers the queue's API in Microsoft Entra ID, and says who may call it.

.DESCRIPTION
    Makes an application with the roles SendRequests.Create, SendRequests.Read.All and SendRequests.Manage.All, for applications and for
    people; its service principal, which gives tokens only to those who have a role; the delegated permission access_as_user, for which
    the Azure CLI is pre-authorized; the addresses at which people sign in to the console; and the role assignments. The portal cannot assign a role to a managed identity: this script can.

    Running it again changes only what differs, and takes nothing away. It prints what the deployment needs, and the lines of a caller.

    Connect first, as a Cloud Application Administrator together with a Privileged Role Administrator, or as a Global Administrator:
    Connect-MgGraph -Scopes Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All
    -WhatIf shows each change without making it.

.PARAMETER Name
    Display name of the application.

.PARAMETER Caller
    Applications that may send: application (client) ids, or object ids of managed identities. Each gets SendRequests.Create.

.PARAMETER Operator
    Who may see and manage all send requests: object ids of people, groups or service principals. Each gets SendRequests.Read.All and
    SendRequests.Manage.All.

.PARAMETER Reader
    Who may see all send requests, and change none: object ids likewise. Each gets SendRequests.Read.All.

.PARAMETER ConsoleUrl
    Address of the app, such as https://func-mail.azurewebsites.net: people may sign in to the console there. Several for several deployments.

.EXAMPLE
    ./register-api.ps1 -Caller 6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001 -Operator (Get-MgContext).Account

.EXAMPLE
    ./register-api.ps1 -WhatIf
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
param(
    [ValidateLength(1, 120)]
    [string] $Name = 'graph-mail-queue',

    [string[]] $Caller = @(),

    [string[]] $Operator = @(),

    [string[]] $Reader = @(),

    [ValidatePattern('^https://[^/?#]+/?$')]
    [string[]] $ConsoleUrl = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Fixed ids: a role is the same one in each installation and after each run.
$roles = @(
    @{ id = '2f6d0c1e-6c1b-4f0e-9c57-8a4f1d0b7a01'; value = 'SendRequests.Create'; displayName = 'Send mail'; description = 'Post send requests, and see and cancel its own. The sender policy says from which mailboxes.' }
    @{ id = '2f6d0c1e-6c1b-4f0e-9c57-8a4f1d0b7a02'; value = 'SendRequests.Read.All'; displayName = 'See all send requests'; description = 'See every send request and what became of it, without its content.' }
    @{ id = '2f6d0c1e-6c1b-4f0e-9c57-8a4f1d0b7a03'; value = 'SendRequests.Manage.All'; displayName = 'Manage all send requests'; description = 'Cancel, resend and pause for every application and mailbox.' }
)
$scopeId = '2f6d0c1e-6c1b-4f0e-9c57-8a4f1d0b7a11'
# https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
$azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

function Invoke-Graph([string] $Method, [string] $Path, [object] $Body) {
    $call = @{ Method = $Method; Uri = "v1.0/$Path"; OutputType = 'HashTable' }
    if ($Body) {
        $call.Body = ConvertTo-Json $Body -Depth 9
        $call.ContentType = 'application/json'
    }
    Invoke-MgGraphRequest @call
}

function Get-All([string] $Path) {
    $page = Invoke-Graph GET $Path
    $page.value
    while ($page.ContainsKey('@odata.nextLink')) {
        $page = Invoke-MgGraphRequest -Method GET -Uri $page.'@odata.nextLink' -OutputType HashTable
        $page.value
    }
}

# A property that Graph leaves out is empty.
function Get-Value([hashtable] $Object, [string] $Property) {
    if ($Object.ContainsKey($Property)) { @($Object[$Property] | Where-Object { $_ }) } else { @() }
}

# Graph replaces whole collections: what others have added to the application stays.
function Merge-ById([object[]] $Present, [object[]] $Wanted) {
    $ids = @($Wanted | ForEach-Object { $_.id })
    @($Present | Where-Object { $ids -notcontains $_.id }) + $Wanted
}

function Get-WantedRoles {
    foreach ($role in $roles) {
        @{ id = $role.id; value = $role.value; displayName = $role.displayName; description = $role.description; isEnabled = $true; allowedMemberTypes = @('Application', 'User') }
    }
}

function Get-WantedScope {
    @{
        id = $scopeId; value = 'access_as_user'; type = 'User'; isEnabled = $true
        adminConsentDisplayName = 'Call the mail queue as a person'; adminConsentDescription = 'Call the mail queue with the roles of the signed-in person.'
        userConsentDisplayName = 'Call the mail queue'; userConsentDescription = 'Call the mail queue with your roles.'
    }
}

function Find-Application {
    $escaped = $Name -replace "'", "''"
    $found = @(Get-All "applications?`$filter=$([uri]::EscapeDataString("displayName eq '$escaped'"))")
    if ($found.Count -gt 1) { throw "There are $($found.Count) applications with the name $Name. Rename the others, or give another -Name." }
    if ($found.Count -eq 1) { $found[0] }
}

function Set-Application {
    $application = Find-Application
    if (-not $application) {
        if (-not $PSCmdlet.ShouldProcess($Name, 'Register an application')) { return }
        $application = Invoke-Graph POST 'applications' @{ displayName = $Name; signInAudience = 'AzureADMyOrg' }
    }
    $api = if ($application.ContainsKey('api') -and $application.api) { $application.api } else { @{} }
    $preAuthorized = @(Get-Value $api 'preAuthorizedApplications' | Where-Object { $_.appId -ne $azureCli })
    # `api` is written whole each time: nobody has verified whether Graph keeps what a PATCH of it leaves out.
    $wantedApi = @{
        requestedAccessTokenVersion = 2
        oauth2PermissionScopes      = @(Merge-ById @(Get-Value $api 'oauth2PermissionScopes') @(Get-WantedScope))
        preAuthorizedApplications   = $preAuthorized
    }
    $wanted = @{
        identifierUris = @(@(Get-Value $application 'identifierUris') + "api://$($application.appId)" | Select-Object -Unique)
        appRoles       = @(Merge-ById @(Get-Value $application 'appRoles') @(Get-WantedRoles))
        api            = $wantedApi
    }
    if ($ConsoleUrl) {
        # Single-page application: Microsoft Entra ID gives codes to these addresses, and takes them back from a browser with PKCE only.
        $spa = if ($application.ContainsKey('spa') -and $application.spa) { $application.spa } else { @{} }
        $consoles = @($ConsoleUrl | ForEach-Object { "$($_.TrimEnd('/'))/console" })
        $wanted.spa = @{ redirectUris = @(@(Get-Value $spa 'redirectUris') + $consoles | Select-Object -Unique) }
    }
    if ($PSCmdlet.ShouldProcess($Name, 'Set identifier URI, roles and delegated permission')) {
        Invoke-Graph PATCH "applications/$($application.id)" $wanted | Out-Null
        # A permission must be there before somebody can be pre-authorized for it.
        $wantedApi.preAuthorizedApplications = @($preAuthorized + @{ appId = $azureCli; delegatedPermissionIds = @($scopeId) })
        Invoke-Graph PATCH "applications/$($application.id)" @{ api = $wantedApi } | Out-Null
    }
    $application
}

function Set-ServicePrincipal([string] $AppId) {
    $found = @(Get-All "servicePrincipals?`$filter=$([uri]::EscapeDataString("appId eq '$AppId'"))")
    if ($found.Count -eq 0) {
        if (-not $PSCmdlet.ShouldProcess($Name, 'Make its service principal, for which a role is required')) { return }
        return Invoke-Graph POST 'servicePrincipals' @{ appId = $AppId; appRoleAssignmentRequired = $true }
    }
    $present = $found[0]
    if (-not (Get-Value $present 'appRoleAssignmentRequired') -and $PSCmdlet.ShouldProcess($Name, 'Give tokens only to those who have a role')) {
        Invoke-Graph PATCH "servicePrincipals/$($present.id)" @{ appRoleAssignmentRequired = $true } | Out-Null
    }
    $present
}

# An application is named by its client id; a person, group or managed identity by its object id.
function Resolve-Principal([string] $Id) {
    if ($Id -like '*@*') { return (Invoke-Graph GET "users/$([uri]::EscapeDataString($Id))").id }
    $found = @(Get-All "servicePrincipals?`$filter=$([uri]::EscapeDataString("appId eq '$Id'"))")
    if ($found.Count -gt 0) { $found[0].id } else { $Id }
}

function Add-Role([hashtable] $ServicePrincipal, [object[]] $Assigned, [string] $Principal, [string] $Role) {
    $roleId = ($roles | Where-Object { $_.value -eq $Role }).id
    $principalId = Resolve-Principal $Principal
    if ($Assigned | Where-Object { $_ -and $_.principalId -eq $principalId -and $_.appRoleId -eq $roleId }) { return }
    if ($PSCmdlet.ShouldProcess($Principal, "Assign $Role")) {
        Invoke-Graph POST "servicePrincipals/$($ServicePrincipal.id)/appRoleAssignedTo" @{ principalId = $principalId; resourceId = $ServicePrincipal.id; appRoleId = $roleId } | Out-Null
    }
}

if (-not (Get-MgContext)) {
    throw 'Nobody is connected. Run: Connect-MgGraph -Scopes Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All'
}

$application = Set-Application
if (-not $application) { return }
$servicePrincipal = Set-ServicePrincipal $application.appId
if (-not $servicePrincipal) { return }

$assigned = @(Get-All "servicePrincipals/$($servicePrincipal.id)/appRoleAssignedTo")
foreach ($one in $Caller) { Add-Role $servicePrincipal $assigned $one 'SendRequests.Create' }
foreach ($one in $Reader) { Add-Role $servicePrincipal $assigned $one 'SendRequests.Read.All' }
foreach ($one in $Operator) {
    Add-Role $servicePrincipal $assigned $one 'SendRequests.Read.All'
    Add-Role $servicePrincipal $assigned $one 'SendRequests.Manage.All'
}

$appId = $application.appId
$tenant = (Get-MgContext).TenantId
@"
The deployment needs (a token of version 2 names the id alone, so both are listed):
  azd env set ENTRA_AUDIENCE api://$appId,$appId

An application gets a token with:
  curl -X POST https://login.microsoftonline.com/$tenant/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=CLIENT_ID -d client_secret=SECRET -d scope=api://$appId/.default
A person gets one with:
  az account get-access-token --scope api://$appId/.default --query accessToken --output tsv
People sign in to the console at the address of the app with /console behind it. Name it once: ./register-api.ps1 -ConsoleUrl https://APP.azurewebsites.net
The next step:
  npx graph-mail-queue doctor --url URL --mailbox ADDRESS --scope api://$appId/.default
"@
