Attribute VB_Name = "Connection"
' The connection to Python: opened by the first call, held for the next ones.
Option Explicit
Option Private Module

Private Const NOT_CONNECTED As Long = 514
Private Const PATIENCE As Double = 30 ' seconds before a connection that failed is tried again
Private Const SECONDS_A_DAY As Double = 86400

Private held As Object ' Python's server
Private problem As String ' why there is none
Private failedAt As Double ' date and time, in days
Private told As Boolean ' whether the user has seen the message

' Python's server. Fails at once where it failed some seconds ago: ten thousand cells do not wait one by one.
Public Function Opened() As Object
    If held Is Nothing Then
        If (Now - failedAt) * SECONDS_A_DAY < PATIENCE Then Err.Raise NOT_CONNECTED, , problem
        Connect
        If held Is Nothing Then Err.Raise NOT_CONNECTED, , problem
    End If
    Set Opened = held
End Function

' Whether an error means that Python has stopped: VBA's own number, and those of COM.
Public Function IsLost(ByVal number As Long) As Boolean
    Select Case number
        Case 462, &H800706BA, &H800706BE, &H800706BF, &H80010007, &H80010012, &H80010108, &H800401FD
            IsLost = True
    End Select
End Function

' Let go of a server that has stopped.
Public Sub Release()
    Set held = Nothing
    Activation.Lost
    problem = "Python stopped during a calculation. To try again: Refresh, in the group xlsales."
End Sub

' Try no more for some seconds, and tell the user, once.
Public Sub GiveUp()
    failedAt = Now ' cells may be calculated while the message is shown
    If Not told And Not Unattended() Then
        told = True
        MsgBox Report(), vbExclamation, "xlsales"
        failedAt = Now
    End If
End Sub

' Forget what failed, and connect.
Public Sub Renew()
    failedAt = 0
    told = False
    If held Is Nothing Then Connect
End Sub

' What a person needs to know of the connection.
Public Function Report() As String
    If Not held Is Nothing Then
        Report = "Connected to Python."
    ElseIf problem = "" Then
        Report = "Not connected yet: the first sales function in a cell connects."
    Else
        Report = problem
    End If
    Report = Report & vbCrLf & vbCrLf & Activation.Details()
End Function

Private Sub Connect()
    Set held = Activation.Server(problem)
    If held Is Nothing Then GiveUp
End Sub

' Whether nobody sits in front of Excel to read a message.
Private Function Unattended() As Boolean
    Unattended = Not (Application.Visible And Application.Interactive And Application.UserControl)
End Function
