#Requires -Version 7.2
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.4.0' }

<#
.SYNOPSIS
    Gives the queue's identity its rights in Microsoft 365 for chosen mailboxes only, tests them, and takes them back.

.DESCRIPTION
    Uses Exchange Online's RBAC for Applications: the identity gets application roles, limited by a management scope to the direct
    members of one mail-enabled security group. No consent in Microsoft Entra ID is needed, and none may stay: rights add up, so a
    tenant-wide Mail.Send there makes the scope meaningless. The script looks for such a consent and warns.

    Running it again changes only what differs: other mailboxes are added to the group, another tier replaces the one before.
    A change takes up to two hours to reach Graph; -Test asks Exchange itself and needs no waiting.

    Needs the role "Organization Management" or "Exchange Administrator". -WhatIf shows each change without making it.

.PARAMETER ClientId
    Application (client) id of the identity: output `MAIL_QUEUE_IDENTITY_CLIENT_ID` of the deployment.

.PARAMETER ObjectId
    Object id of its service principal (enterprise application) in Microsoft Entra ID, not that of an app registration:
    output `MAIL_QUEUE_IDENTITY_PRINCIPAL_ID` of the deployment.

.PARAMETER Tier
    send: Mail.Send. read: and Mail.Read. readWrite: Mail.Send and Mail.ReadWrite. The application setting GRAPH_RIGHTS must say the same.

.PARAMETER Group
    Name of the mail-enabled security group whose direct members are the mailboxes. It is made where it isn't there. Nested groups do not count.

.PARAMETER Mailbox
    Mailboxes to add to the group (with -Test: to be tested instead of the group's members).

.PARAMETER Outside
    A mailbox that must not be in reach; tested as well.

.PARAMETER Test
    Changes nothing; shows for each mailbox whether each role of the tier is in scope.

.PARAMETER Revoke
    Takes the rights back: role assignments and scope. Group and service principal stay, unless nothing else uses the latter.

.PARAMETER ExchangeEnvironmentName
    The cloud: O365Default, O365USGovGCCHigh, O365USGovDoD or O365China. Used only where there is no connection yet.

.EXAMPLE
    ./grant-mailbox-rights.ps1 -ClientId $clientId -ObjectId $objectId -Mailbox billing@contoso.com, orders@contoso.com -Outside ceo@contoso.com

.EXAMPLE
    ./grant-mailbox-rights.ps1 -ClientId $clientId -ObjectId $objectId -Test

.EXAMPLE
    ./grant-mailbox-rights.ps1 -ClientId $clientId -ObjectId $objectId -Revoke -WhatIf
#>
[CmdletBinding(DefaultParameterSetName = 'Grant', SupportsShouldProcess, ConfirmImpact = 'Medium')]
param(
    [Parameter(Mandatory)]
    [guid] $ClientId,

    [Parameter(Mandatory)]
    [guid] $ObjectId,

    [Parameter(ParameterSetName = 'Grant')]
    [Parameter(ParameterSetName = 'Test')]
    [ValidateSet('send', 'read', 'readWrite')]
    [string] $Tier = 'readWrite',

    [ValidateLength(1, 64)]
    [ValidatePattern('^[A-Za-z0-9._-]+$')]
    [string] $Group = 'graph-mail-queue-mailboxes',

    [Parameter(ParameterSetName = 'Grant')]
    [Parameter(ParameterSetName = 'Test')]
    [ValidateNotNullOrEmpty()]
    [string[]] $Mailbox,

    [Parameter(ParameterSetName = 'Grant')]
    [Parameter(ParameterSetName = 'Test')]
    [string] $Outside,

    [Parameter(Mandatory, ParameterSetName = 'Test')]
    [switch] $Test,

    [Parameter(Mandatory, ParameterSetName = 'Revoke')]
    [switch] $Revoke,

    [ValidateSet('O365Default', 'O365USGovGCCHigh', 'O365USGovDoD', 'O365China')]
    [string] $ExchangeEnvironmentName = 'O365Default'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$rolesOfTier = @{
    send      = @('Application Mail.Send')
    read      = @('Application Mail.Send', 'Application Mail.Read')
    readWrite = @('Application Mail.Send', 'Application Mail.ReadWrite')
}
$shortId = $ObjectId.ToString().Substring(0, 8)
$scopeName = "graph-mail-queue-$shortId"

# Exchange limits a role assignment's name to 64 characters.
function Get-AssignmentName([string] $Role) {
    "$scopeName-$($Role -replace '^Application ', '')"
}

function Connect-Exchange {
    if (Get-ConnectionInformation | Where-Object { $_.State -eq 'Connected' }) { return }
    Connect-ExchangeOnline -ExchangeEnvironmentName $ExchangeEnvironmentName -ShowBanner:$false
}

function Get-OurAssignments {
    @(Get-ManagementRoleAssignment | Where-Object { $_.Name -like "$scopeName-*" })
}

# Exchange knows an identity only after it was told of it; the object id must be the enterprise application's.
function Set-ServicePrincipalPointer {
    if (Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $ObjectId.ToString() }) { return }
    if ($PSCmdlet.ShouldProcess("$ObjectId", 'Make the identity known to Exchange')) {
        New-ServicePrincipal -AppId $ClientId.ToString() -ObjectId $ObjectId.ToString() -DisplayName $scopeName | Out-Null
    }
}

function Set-MailboxGroup {
    $found = Get-DistributionGroup -Identity $Group -ErrorAction SilentlyContinue
    if ($found -and $found.RecipientTypeDetails -ne 'MailUniversalSecurityGroup') {
        throw "$Group is a $($found.RecipientTypeDetails). Name a mail-enabled security group: members of other groups can be changed by their owners."
    }
    if (-not $found -and $PSCmdlet.ShouldProcess($Group, 'Make a mail-enabled security group, hidden from address lists and closed to mail')) {
        $found = New-DistributionGroup -Name $Group -Type Security -MemberJoinRestriction Closed -MemberDepartRestriction Closed
        Set-DistributionGroup -Identity $Group -HiddenFromAddressListsEnabled $true -AcceptMessagesOnlyFromSendersOrMembers $Group
    }
    $members = if ($found) { @(Get-GroupMailboxes) } else { @() }
    foreach ($address in $Mailbox) {
        # Fails here, with Exchange's words, where there is no such mailbox.
        $primary = (Get-EXOMailbox -Identity $address).PrimarySmtpAddress
        if ($members -contains $primary) { continue }
        if ($PSCmdlet.ShouldProcess($Group, "Add $primary")) { Add-DistributionGroupMember -Identity $Group -Member $primary }
    }
    $found
}

function Get-GroupMailboxes {
    Get-DistributionGroupMember -Identity $Group -ResultSize Unlimited | ForEach-Object { $_.PrimarySmtpAddress }
}

function Set-Scope([object] $MailboxGroup) {
    if (-not $MailboxGroup) { return }
    $filter = "MemberOfGroup -eq '$($MailboxGroup.DistinguishedName -replace "'", "''")'"
    $scope = Get-ManagementScope -Identity $scopeName -ErrorAction SilentlyContinue
    if (-not $scope) {
        if ($PSCmdlet.ShouldProcess($scopeName, "Make a management scope: $filter")) {
            New-ManagementScope -Name $scopeName -RecipientRestrictionFilter $filter | Out-Null
        }
    }
    elseif ($scope.RecipientFilter -ne $filter -and $PSCmdlet.ShouldProcess($scopeName, "Change the management scope to: $filter")) {
        Set-ManagementScope -Identity $scopeName -RecipientRestrictionFilter $filter
    }
}

function Set-Roles {
    $wanted = $rolesOfTier[$Tier]
    $present = Get-OurAssignments
    foreach ($role in $wanted) {
        $name = Get-AssignmentName $role
        if ($present | Where-Object { $_.Name -eq $name }) { continue }
        if ($PSCmdlet.ShouldProcess($name, "Assign $role to $ObjectId within $scopeName")) {
            New-ManagementRoleAssignment -Name $name -Role $role -App $ObjectId.ToString() -CustomResourceScope $scopeName | Out-Null
        }
    }
    $names = @($wanted | ForEach-Object { Get-AssignmentName $_ })
    foreach ($assignment in ($present | Where-Object { $names -notcontains $_.Name })) {
        if ($PSCmdlet.ShouldProcess($assignment.Name, 'Remove the role assignment of another tier')) {
            Remove-ManagementRoleAssignment -Identity $assignment.Name -Confirm:$false
        }
    }
}

function Remove-Rights {
    foreach ($assignment in (Get-OurAssignments)) {
        if ($PSCmdlet.ShouldProcess($assignment.Name, 'Remove the role assignment')) {
            Remove-ManagementRoleAssignment -Identity $assignment.Name -Confirm:$false
        }
    }
    if ((Get-ManagementScope -Identity $scopeName -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess($scopeName, 'Remove the management scope')) {
        Remove-ManagementScope -Identity $scopeName -Confirm:$false
    }
    $pointer = Get-ServicePrincipal | Where-Object { $_.ObjectId -eq $ObjectId.ToString() }
    $others = $pointer -and (Get-ManagementRoleAssignment -RoleAssignee $ObjectId.ToString() -ErrorAction SilentlyContinue)
    if ($pointer -and -not $others -and $PSCmdlet.ShouldProcess("$ObjectId", 'Make Exchange forget the identity')) {
        Remove-ServicePrincipal -Identity $ObjectId.ToString() -Confirm:$false
    }
}

# Exchange's own answer, without its cache. It says nothing of consents in Microsoft Entra ID: those are looked for below.
function Test-Rights {
    $addresses = if ($Mailbox) { $Mailbox } else { @(Get-GroupMailboxes) }
    $probes = @($addresses | ForEach-Object { @{ Address = $_; Expected = $true } })
    if ($Outside) { $probes += @{ Address = $Outside; Expected = $false } }
    foreach ($probe in $probes) {
        $answer = @(Test-ServicePrincipalAuthorization -Identity $ObjectId.ToString() -Resource $probe.Address)
        foreach ($role in $rolesOfTier[$Tier]) {
            $inScope = [bool] ($answer | Where-Object { $_.RoleName -eq $role -and "$($_.InScope)" -eq 'True' })
            [pscustomobject]@{ Mailbox = $probe.Address; Role = $role; InScope = $inScope; AsExpected = $inScope -eq $probe.Expected }
        }
    }
}

function Show-TenantWideConsent {
    if (-not (Get-Command Invoke-MgGraphRequest -ErrorAction SilentlyContinue) -or -not (Get-MgContext)) {
        Write-Warning 'Consents in Microsoft Entra ID were not looked at. Connect-MgGraph -Scopes Application.Read.All first, or look into Enterprise applications > Permissions: no Mail.* may stand there.'
        return
    }
    $assigned = (Invoke-MgGraphRequest -Uri "v1.0/servicePrincipals/$ObjectId/appRoleAssignments").value
    foreach ($consent in $assigned) {
        $resource = Invoke-MgGraphRequest -Uri "v1.0/servicePrincipals/$($consent.resourceId)?`$select=displayName,appRoles"
        $role = $resource.appRoles | Where-Object { $_.id -eq $consent.appRoleId }
        if ($role -and $role.value -match '^(Mail\.|full_access_as_app|SMTP\.SendAsApp)') {
            Write-Warning "$($role.value) on $($resource.displayName) is consented to for the WHOLE TENANT: the scope has no effect until that consent is removed (appRoleAssignment $($consent.id))."
        }
    }
}

Connect-Exchange

if ($Revoke) {
    Remove-Rights
    Show-TenantWideConsent
    return
}

if (-not $Test) {
    Set-ServicePrincipalPointer
    Set-Scope (Set-MailboxGroup)
    Set-Roles
    if ($WhatIfPreference) { return }
}

$results = @(Test-Rights)
$results
Show-TenantWideConsent
if ($results.Count -eq 0) { Write-Warning "$Group has no members: the identity may not use any mailbox." }
if ($results | Where-Object { -not $_.AsExpected }) { throw 'Not every mailbox is as it should be; see the table above.' }
